"""Reading the small compressed tables that lie beside the code."""

import gzip
from collections.abc import Iterator
from importlib.resources import files


def lines(name: str) -> list[bytes]:
    """The lines of a packed table, as bytes."""
    packed = files(__package__).joinpath(f"{name}.tsv.gz").read_bytes()
    return gzip.decompress(packed).rstrip(b"\n").split(b"\n")


def rows(name: str) -> Iterator[list[str]]:
    """The rows of a packed table; no cell holds a tab or a line end."""
    return (line.decode().split("\t") for line in lines(name))
