"""Volterelle: a seller of household appliances in France, invented, with the four systems and the warts of a real one."""

from importlib import resources
from pathlib import Path

from portance.charter import read
from portance.worlds.volterelle import truth
from portance.worlds.volterelle.extracting import Extracts
from portance.worlds.volterelle.living import Company


def make(folder: Path, seed: int) -> int:
    """Write the world into ``folder``; how many interactions really happened."""
    folder.mkdir(parents=True, exist_ok=True)
    charter = folder / "charter.yaml"
    charter.write_bytes(resources.files(__name__).joinpath("charter.yaml").read_bytes())
    company = Company(seed)
    company.live()
    extracts = Extracts(company, seed)
    extracts.write(folder / "extracts")
    truth.write(folder / "truth", company, extracts, read(charter))
    return len(company.lived)
