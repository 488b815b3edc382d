// The create form: a die for the seed, the known words as buttons, and the length of the alternative text.
const SEEDS = 2 ** 32;

export function begin(form) {
  rollDice(form);
  offerWords(form);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}

function rollDice(form) {
  const die = form.querySelector("[data-dice]");
  if (!die) return;
  die.hidden = false;
  die.addEventListener("click", () => {
    form.elements.seed.value = String(crypto.getRandomValues(new Uint32Array(1))[0] % SEEDS);
  });
}

function offerWords(form) {
  const prompt = form.elements.prompt;
  for (const list of form.querySelectorAll("[data-words]")) {
    for (const word of list.querySelectorAll(".word")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "word";
      button.textContent = word.textContent;
      button.addEventListener("click", () => insert(prompt, button.textContent));
      word.replaceWith(button);
    }
  }
}

function insert(prompt, word) {
  const before = prompt.value.slice(0, prompt.selectionStart);
  const space = before && !/\s$/.test(before) ? " " : "";
  prompt.setRangeText(`${space}${word} `, prompt.selectionStart, prompt.selectionEnd, "end");
  prompt.focus();
}
