"""The commands of the `kabar` command line, one module a concern; `bot.__main__` lists them."""
