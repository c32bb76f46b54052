"""Everything a person can do: thin functions that parse, call once, render and reply."""
