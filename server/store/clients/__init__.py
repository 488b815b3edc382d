"""Tables of programs that people let in: tokens, codes, and requests sent twice."""
