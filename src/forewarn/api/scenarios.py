"""Scenarios: loaded, written, changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from forewarn import scenario as room
from forewarn.errors import Problem, UsageError
from forewarn.scenario.model.models import Scenario

if TYPE_CHECKING:
    import pandas as pd


def load(scenario: str | Path | Scenario) -> Scenario:
    """Read, resolve and check a scenario.

    Parameters
    ----------
    scenario
        Name of a bundled scenario, a folder with ``scenario.yaml``, or a YAML file. A bundled name comes
        first; write ``./name`` for a folder of the same name. A scenario that is loaded already is
        returned as it is.

    Returns
    -------
    Scenario
        Frozen; `change` makes another.

    Raises
    ------
    ForewarnError
        With every problem that was found.

    Examples
    --------
    >>> import forewarn as fw
    >>> fw.load("crossroads")
    <Scenario crossroads: issued 2024-03-01, 60 days, 2 courses, 5 places, 4 routes, 1 crossing, 1 claim>
    """
    if isinstance(scenario, Scenario):
        return scenario
    if isinstance(scenario, (str, Path)):
        return room.load(scenario)
    remedy = "Use its attribute scenario" if hasattr(scenario, "scenario") else ""
    allowed = "a Scenario, the name of a bundled one, or a folder"
    raise UsageError(Problem("scenario", f"a {type(scenario).__name__}", allowed, remedy))


def loads(text: str) -> Scenario:
    """Resolve and check a scenario that stands in a text (YAML); its tables must stand in it too.

    Parameters
    ----------
    text
        As `dumps` writes it, or as people write ``scenario.yaml`` with rows in place of CSV files.

    Raises
    ------
    ForewarnError
        With every problem that was found.

    Examples
    --------
    >>> import forewarn as fw
    >>> crossroads = fw.load("crossroads")
    >>> fw.loads(fw.dumps(crossroads)) == crossroads
    True
    """
    from forewarn.intake import isolated
    from forewarn.scenario import yaml_files as reading_yaml

    return room.resolve(isolated(reading_yaml.parse)(text, "text"), name="text")


def dumps(scenario: str | Path | Scenario) -> str:
    """Write a scenario as YAML in explicit form: no default and no inherited source is left out.

    Examples
    --------
    >>> import forewarn as fw
    >>> fw.dumps("crossroads").splitlines()[:2]
    ['format: 1', 'name: crossroads']
    """
    return room.dump(load(scenario))


def dump(scenario: str | Path | Scenario, path: str | Path) -> Path:
    """Write a scenario as a YAML file in explicit form, whole or not at all.

    Parameters
    ----------
    path
        Of the file; one that is there is replaced.

    Returns
    -------
    pathlib.Path
        The file, which `load` reads.

    Examples
    --------
    >>> import forewarn as fw, pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = fw.dump("crossroads", pathlib.Path(folder) / "mine.yaml")
    ...     fw.load(file) == fw.load("crossroads")
    True
    """
    from forewarn.replacing import replacing_file

    target = Path(path)
    text = dumps(scenario)
    with replacing_file(target) as written:
        written.write_text(text, encoding="utf-8", newline="\n")
    return target


def scenarios() -> pd.DataFrame:
    """List the bundled scenarios: title and issue day by name.

    Examples
    --------
    >>> import forewarn as fw
    >>> fw.scenarios().loc["crossroads", "title"]
    'The crossroads (teaching example)'
    """
    import pandas as pd

    return pd.DataFrame(room.bundled()).set_index("name")


def change(scenario: str | Path | Scenario, changes: str | Sequence[str]) -> Scenario:
    """Make a scenario that differs in what the changes say, and check it again.

    Parameters
    ----------
    scenario
        Left as it is.
    changes
        One or several such as ``crossings.bab-al-hawa.status=open``,
        ``courses.staged.stages.city.start+=14`` or ``places.Atma.capacity*=2``.

    Raises
    ------
    ForewarnError
        If a path leads nowhere (the nearest name is given), or the result breaks a rule.

    Examples
    --------
    >>> import forewarn as fw
    >>> later = fw.change("crossroads", "courses.attack.stages.assault.start+=4")
    >>> later.courses[0].stages[0].start.days.value
    14.0
    """
    return room.change(load(scenario), [changes] if isinstance(changes, str) else changes)
