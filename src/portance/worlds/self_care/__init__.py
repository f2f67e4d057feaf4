"""Hélienne answers by a machine and hides the way to a person: what it contains comes back, and some leave in silence."""

from importlib import resources
from pathlib import Path

from portance.worlds.self_care import truth
from portance.worlds.self_care.extracting import write
from portance.worlds.self_care.living import Company


def make(folder: Path, seed: int) -> int:
    """Write the world into ``folder``; how many interactions really happened."""
    folder.mkdir(parents=True, exist_ok=True)
    company = Company(seed)
    company.live()
    (folder / "charter.yaml").write_bytes(resources.files(__name__).joinpath("charter.yaml").read_bytes())
    write(company, folder)
    truth.write(company, folder / "truth")
    return len(company.contacts) + len(company.addressed) + len(company.answers) + len(company.departures)
