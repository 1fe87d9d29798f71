"""Runs of the program that a table is made of: carried out once, gone on with where interrupted."""

import json
import subprocess


def summary(runs, name):
    """What a run says of itself; nothing without one."""
    path = runs / name / "summary.json"
    return json.loads(path.read_text()) if path.exists() else None


def run(options, config, name, changes):
    """Carries a run of a config out with the changes, unless it has finished."""
    found = summary(options.runs, name)
    if found and found["state"] == "finished":
        return
    common = ["--runs", str(options.runs), "--headless", "--threads", str(options.threads)]
    if found:
        command = [options.rtl, "resume", name] + common
    else:
        command = [options.rtl, "run", str(config), "--name", name] + common
        command += [word for change in changes for word in ("--set", change)]
    log = options.runs / f"{name}.log"
    options.runs.mkdir(parents=True, exist_ok=True)
    with open(log, "w") as file:
        if subprocess.run(command, stdout=file, stderr=subprocess.STDOUT).returncode:
            raise SystemExit(f"{name} failed; see {log}")
