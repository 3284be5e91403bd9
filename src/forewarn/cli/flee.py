"""``forewarn flee``: run the directories of Flee and FabFlee."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forewarn.cli.consoles import say_error, say_note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forewarn.errors import Problem
    from forewarn.flee.running import FleeResult

app = typer.Typer(help="Run directories of Flee and FabFlee as they are.", no_args_is_help=True)

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="Folder with input_csv and source_data.")]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", help="Settings file; default simsetting.yml in DIR, else Flee's defaults."),
]
Days = Annotated[
    int,
    typer.Option("--days", min=0, max=36_525, help="Length of the run; 0: the period of sim_period.csv."),
]


@app.callback()
def flee_commands() -> None:
    """Run directories of Flee and FabFlee as they are."""


@app.command(name="run")
def run_directory(
    directory: Directory,
    settings: SettingsFile = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random numbers: same seed, same run.")] = 1,
    members: Annotated[int, typer.Option(min=1, max=100_000, help="Number of runs.")] = 1,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="Flee's out.csv of the first run; beside it all runs as .nc."),
    ] = Path("out.csv"),
    days: Days = 0,
    flee_faults: Annotated[
        bool, typer.Option("--flee-faults", help="Reproduce the faults of Flee that change its numbers.")
    ] = False,
) -> None:
    """Run a Flee directory and write out.csv and a NetCDF file with all places."""
    from forewarn.flee.counts import read_counts
    from forewarn.flee.reading import read_directory
    from forewarn.flee.running import make_world, run
    from forewarn.flee.settings import settings_of
    from forewarn.flee.writing import out_csv
    from forewarn.replacing import replacing_file

    chosen, said = settings_of(directory, settings)
    scenario = read_directory(directory, days=days)
    counts = read_counts(scenario, chosen, faults=flee_faults)
    for remark in (*said, *scenario.remarks, *counts.remarks):
        say_note(remark)
    result = run(make_world(scenario, counts, chosen, faults=flee_faults), members=members, seed=seed)
    for path, write in (
        (
            output,
            lambda place: place.write_text(out_csv(result, counts, faults=flee_faults), encoding="utf-8"),
        ),
        (
            output.with_suffix(".nc"),
            lambda place: _write_netcdf(result, place, seed=seed, faults=flee_faults),
        ),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing_file(path, locks_itself=path.suffix == ".nc") as draft:
            write(draft)
    typer.echo(f"Written to {output} and {output.with_suffix('.nc')}")


@app.command()
def check(
    directory: Directory,
    settings: SettingsFile = None,
    days: Days = 0,
    flee_faults: Annotated[
        bool, typer.Option("--flee-faults", help="Check it as it runs with the faults of Flee.")
    ] = False,
) -> None:
    """Say on one page what is wrong in a Flee directory, and what a run assumes."""
    from forewarn.flee.checking import check_directory

    found = check_directory(directory, settings, days=days, faults=flee_faults)
    typer.echo(found.page())
    if found.wrong:
        raise typer.Exit(1)


@app.command()
def convert(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A Flee directory, or the folder of a Forewarn scenario.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="New folder to write.")],
    course: Annotated[
        str | None, typer.Option(help="Course of the scenario to write; the first by default.")
    ] = None,
) -> None:
    """Turn a Flee directory into a Forewarn scenario, or a scenario into a Flee directory."""
    from forewarn.errors import Problem, UsageError

    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise UsageError(
            Problem("--output", f"'{output}' is there and not empty", "the name of a new folder")
        )
    files, losses = _converted(folder, course)
    for loss in losses:
        say_error(f"Not converted: {loss}")
    for name, text in files.items():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    typer.echo(f"Written to {output}: {', '.join(files)}")


def _converted(folder: Path, course: str | None) -> tuple[Mapping[str, str], Sequence[Problem]]:
    """Convert whatever the folder holds: files by name, and what is lost."""
    from forewarn.errors import Problem, UsageError
    from forewarn.flee.converting import to_scenario
    from forewarn.flee.counts import read_counts
    from forewarn.flee.exporting import to_directory
    from forewarn.flee.reading import read_directory
    from forewarn.flee.settings import FleeSettings
    from forewarn.scenario import dump, load

    if not (folder / "input_csv").is_dir():
        exported = to_directory(load(folder), course=course)
        return exported.files, exported.losses
    if course is not None:
        raise UsageError(Problem("--course", "a Flee directory has one course", remedy="Leave it out"))
    directory = read_directory(folder)
    counts = read_counts(directory, FleeSettings()) if (folder / "source_data").is_dir() else None
    for remark in (*directory.remarks, *(counts.remarks if counts else ())):
        say_note(remark)
    converted = to_scenario(directory, counts)
    return {"scenario.yaml": dump(converted.scenario)}, converted.losses


def _write_netcdf(result: FleeResult, path: Path, *, seed: int, faults: bool) -> None:
    """Write all members; without xarray, which takes longer to import than a member to run."""
    import h5netcdf
    import h5py
    import numpy as np

    world = result.world
    directory = world.directory
    names = np.array(directory.names, dtype=object)
    kinds = np.array([place.kind for place in directory.locations], dtype=object)
    countries = np.array([place.country for place in directory.locations], dtype=object)
    inside = countries == countries[0]
    by_place, by_day = ("member", "day", "place"), ("member", "day")
    values = {
        "present": (by_place, result.present, "displaced people"),
        "spawned": (by_place, result.spawned, "newly displaced"),
        "flow": (("member", "day", "link"), result.set_out, "set out on a link"),
        "idps_in_camps": (by_day, result.present[:, :, kinds == "idpcamp"].sum(axis=2), ""),
        "displaced_inside": (by_day, result.present[:, :, inside].sum(axis=2), ""),
        "left_for_good": (by_day, result.gone, ""),
        "on_links": (by_day, result.on_links, ""),
    }
    days = np.arange(directory.length_days)
    link_from, link_to = world.link_ends
    coordinates = {
        "day": ("day", days),
        "date": ("day", days),
        "place": ("place", names),
        "kind": ("place", kinds),
        "country": ("place", countries),
        "link_from": ("link", names[link_from]),
        "link_to": ("link", names[link_to]),
    }
    with h5netcdf.File(path, "w") as file:
        file.dimensions = {
            "member": len(result.present),
            "day": len(days),
            "place": len(names),
            "link": len(link_from),
        }
        for name, (dimension, data) in coordinates.items():
            kind = h5py.string_dtype() if data.dtype == object else data.dtype
            file.create_variable(name, (dimension,), kind, data=data)
        file.variables["date"].attrs["units"] = f"days since {directory.start}"
        for name, (dimensions, people, meaning) in values.items():
            variable = file.create_variable(name, dimensions, people.dtype, data=people)
            beside = [other for other, (of, _) in coordinates.items() if of in dimensions and other != of]
            further = {"long_name": meaning} if meaning else {}
            variable.attrs.update({"units": "people", "coordinates": " ".join(beside), **further})
        file.attrs.update(
            {
                "title": directory.name,
                "seed": seed,
                "flee_faults": int(faults),
                "command": "forewarn " + " ".join(sys.argv[1:]),
            }
        )
