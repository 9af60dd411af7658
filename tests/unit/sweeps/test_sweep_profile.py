"""Profiles of clusters: what a job asks for, how it enters the environment, and what is wrong with a profile."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from sim.config import ConfigError
from sim.sweeps.profile import Profile, load_profile

pytest.importorskip("parsl")

from sim.sweeps.cluster import ProfileError, addresses, cluster_executor, make_provider, pilot_command
from sim.sweeps.versions import AnyVersion

SHIPPED = sorted((Path(__file__).resolve().parents[3] / "configs" / "clusters").glob("*.yaml"))


def profile(**keys: object) -> Profile:
    return Profile.model_validate({"provider": "slurm", **keys})


def problem(folder: Path, text: str) -> str:
    """The only thing that is wrong with a profile, without the name of its file."""
    (folder / "x.yaml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_profile(folder / "x.yaml")
    (line,) = caught.value.messages
    return line.removeprefix(f"{folder}/")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_profiles_make_executors(path: Path, tmp_path: Path) -> None:
    loaded = load_profile(path)
    executor = cluster_executor(loaded, 1)(str(tmp_path))
    assert executor.provider.max_blocks == loaded.jobs
    assert executor.encrypted
    assert pilot_command(loaded) in executor.launch_cmd


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("provider: slrm\n", "x.yaml:1:1: provider: unknown value 'slrm'; did you mean 'slurm'?"),
        ("provider: slurm\nwalltime: 3\n", "x.yaml:2:1: walltime: a unit is missing"),
        (
            "provider: slurm\nworker_per_node: 2\n",
            "x.yaml:2:1: worker_per_node: unknown key; did you mean 'w",
        ),
        (
            "provider: slurm\noptions: {qoss: 3}\n",
            "x.yaml:2:11: options.qoss: Parsl's provider for 'slurm' has",
        ),
        ("provider: slurm\noptions: {walltime: 3}\n", "x.yaml:2:11: options.walltime: Parsl's provider"),
        ("provider: grid-engine\nnodes: 3\n", "x.yaml:2:1: nodes: jobs of 'grid-engine' have one node"),
        ("provider: local\naccount: me\n", "x.yaml:2:1: account: 'local' has no such setting"),
        ("provider: slurm\nlaunch_prefix: |\n  a\n  b\n", "x.yaml:2:1: launch_prefix: expected one line"),
    ],
)
def test_mistakes_are_told_in_one_line(text: str, said: str, tmp_path: Path) -> None:
    assert problem(tmp_path, text).startswith(said)


def test_a_job_stops_taking_points_before_its_end() -> None:
    assert profile(walltime="20 min").drain_after == 1080
    assert profile(walltime="10 h").drain_after == 36000 - 300
    assert profile(walltime="30 h").clock == "30:00:00"


def test_cores_follow_ranks_unless_they_are_stated() -> None:
    assert profile(workers_per_node=4).cores_per_node(ranks=2) == 8
    assert profile(workers_per_node=4, cores_per_worker=3).cores_per_node(ranks=2) == 12


@pytest.mark.parametrize(
    ("provider", "submit", "answer", "asked"),
    [
        (
            "slurm",
            "sbatch",
            "Submitted batch job 7",
            (
                "SBATCH --nodes=2",
                "SBATCH --time=90",
                "SBATCH --partition=cpu",
                "SBATCH --account=me",
                "SBATCH --x=1",
            )
            + ("SBATCH --cpus-per-task=8", "srun --ntasks 2 -l --ntasks-per-node=1 --cpus-per-task=8"),
        ),
        (
            "pbs",
            "qsub",
            "7.server",
            ("PBS -l walltime=01:30:00", "PBS -l select=2:ncpus=8", "-q cpu", "-A me", "PBS --x=1"),
        ),
        (
            "lsf",
            "bsub",
            "Job <7> is submitted to queue <cpu>.",
            ("BSUB -W 90", "BSUB -q cpu", "BSUB -P me", "BSUB --x=1", "jsrun"),
        ),
    ],
)
def test_what_schedulers_are_asked_for(
    provider: str,
    submit: str,
    answer: str,
    asked: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The script that a stand-in for the scheduler's command receives."""
    stand_in = tmp_path / submit
    last = 'for file; do :; done; cat "$file"'
    stand_in.write_text(f'#!/bin/sh\n{{ echo "$@"; {last}; }} >{tmp_path}/script\necho "{answer}"\n')
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    wanted = profile(
        provider=provider,
        nodes=2,
        workers_per_node=4,
        partition="cpu",
        account="me",
        walltime="1.5 h",
        scheduler_options=["--x=1"],
        worker_init=["module load sim"],
        launch_prefix="apptainer exec sim.sif",
    )
    made = make_provider(wanted, ranks=2)
    made.script_dir = str(tmp_path)
    assert made.submit(pilot_command(wanted), 1, "name") is not None
    script = (tmp_path / "script").read_text()
    for part in (*asked, "module load sim", "export OMP_NUM_THREADS=1"):
        assert part in script, part
    assert "apptainer exec sim.sif python3 -m sim.sweeps.pilot" in script
    assert script.index("module load") < script.index("apptainer")


def test_addresses_are_of_this_machine_and_no_server_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert addresses("10.1.2.3") == ["10.1.2.3"]
    assert addresses("lo") == ["127.0.0.1"]
    assert addresses(None)
    with pytest.raises(ProfileError, match="'eth77' is neither an IP address nor an interface"):
        addresses("eth77")


def test_any_version_equals_every_other() -> None:
    """The comparison that Parsl's interchange makes, either way round."""
    any_version = AnyVersion("any")
    worker = json.loads('{"python_v": "3.11.7", "parsl_v": "2025.01.13"}')
    differs = worker["python_v"].rsplit(".", 1)[0] != any_version.rsplit(".", 1)[0]
    differs = differs or worker["parsl_v"] != any_version or any_version != worker["parsl_v"]
    assert not differs


def test_orders_are_sent_without_code() -> None:
    """What goes to a worker must not hold byte code, which another Python could not run."""
    dill = pytest.importorskip("dill")
    from sim.sweeps.order import Order
    from sim.sweeps.worker import compute

    assert len(dill.dumps(compute)) < 100
    order = Order("0", {"cell": {"length": "10 um"}}, "/tmp")
    assert pickle.loads(pickle.dumps(order)) == order
