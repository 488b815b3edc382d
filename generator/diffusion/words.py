"""Which words of a prompt mean nothing to a model that was taught few, as its own tokenizer says.

It must not be asked about a model that reads free text: what its tokenizer calls unknown is no word.
"""

from generator.diffusion.shapes import Pipeline

MOST = 24  # a longer list is read by nobody
LONGEST = 60  # characters


def unknown_words(pipeline: Pipeline, prompt: str) -> tuple[str, ...]:
    """Return the words that became the tokenizer's unknown token, each once, as they were written."""
    if not pipeline.tokenizer.is_fast:  # then it does not say where a token comes from
        return ()
    read = pipeline.tokenizer(prompt, add_special_tokens=False, return_offsets_mapping=True)
    pieces = zip(read["input_ids"], read["offset_mapping"], strict=True)
    unknown = [prompt[start:end] for number, (start, end) in pieces if number == pipeline.tokenizer.unk_token_id]
    # A single letter is what an apostrophe has cut off.
    words = [word[:LONGEST] for word in unknown if len(word) > 1 and word[0].isalnum()]
    return tuple(dict.fromkeys(words))[:MOST]
