"""Work that matters is a row, committed together with its reason. Payloads are ids and URLs only."""
