#!/usr/bin/env python3
"""What the workbench costs, measured from outside over a pseudo-terminal.

    python3 Benchmarks/workbench.py
        [--what first_frame key_to_screen idle bytes overhead slowdown memory]
        [--pairs 5] [--keys 300] [--seconds 20] [--threads 2] [--events 1000000]
        [--rtl .build/release/rtl] [--folder DIR] [--json]

`first_frame`    milliseconds from the start of the process to the last byte of the first screen: the start
                 screen, and a recorded run.
`key_to_screen`  milliseconds from a key to the first byte of the screen that it changed, while the engine
                 trains on so many threads. The display is frozen meanwhile, so that nothing but the key
                 changes more than the clock; the workbench goes on taking events in and drawing.
`idle`           processor time of workbench and engine, in percent of one core, and the bytes that are
                 written, while the run is paused: the clock goes on.
`bytes`          bytes a frame: unchanged, training at 120 x 40, a full redraw at 200 x 60.
`overhead`       what the screen takes from a training that has so many cores, by processor time, so that
                 other programs disturb it little: the engine's time beside the training in percent of the
                 training's own, headless and with the workbench open at 200 x 60, in alternation; the
                 workbench's time in percent of those cores; and what the screen adds, the difference of the
                 former and the latter. The training's threads are those that take most.
`slowdown`       steps a second of one training, in extraction and in joint retraining, while nobody looks and
                 while a workbench of 200 x 60 is attached, in alternation: how much more is done without it, as
                 the mean and median over pairs of windows of so many seconds. Needs a quiet machine.
`memory`         MiB of a workbench that has played a recording of a tenth of the events, and of all.

Needs nothing but Python and the built program. Machines are noisy: use a quiet one, and mind the ranges.
"""

import argparse
import bisect
import fcntl
import json
import os
import pathlib
import pty
import random
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
ALL = ["first_frame", "key_to_screen", "idle", "bytes", "overhead", "slowdown", "memory"]
# More rounds than anybody waits for, and each of them long.
ENDLESS = ["--set", "extraction.epochs_per_round=10000"]
# One short round, then joint retraining that does not end.
RETRAINING = [
    "--set", "extraction.epochs_per_round=1", "--set", "extraction.targets=[0.04]",
    "--set", "retraining.epochs=10000",
]
# Two rounds and a joint retraining: some twenty seconds of work.
SHORT = [
    "--set", "extraction.epochs_per_round=6", "--set", "extraction.targets=[0.08]",
    "--set", "retraining.epochs=3",
]


class Screen:
    """A program on a pseudo-terminal: what it writes, and when."""

    def __init__(self, command, columns=120, rows=40):
        self.began = time.monotonic()
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            environment = dict(os.environ, TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8")
            os.execvpe(command[0], command, environment)
        self.resize(columns, rows)

    def resize(self, columns, rows):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys):
        os.write(self.terminal, keys.encode())

    def read(self, seconds):
        """What came within a time, as (moment, bytes)."""
        pieces = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.terminal], [], [], left)[0]:
                break
            try:
                data = os.read(self.terminal, 1 << 16)
            except OSError:
                break
            if not data:
                break
            pieces.append((time.monotonic(), data))
        return pieces

    def burst(self, patience, gap=0.03):
        """What came until nothing followed for a gap."""
        pieces = []
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if select.select([self.terminal], [], [], gap if pieces else patience)[0]:
                try:
                    pieces.append((time.monotonic(), os.read(self.terminal, 1 << 16)))
                except OSError:
                    break
            elif pieces:
                break
        return pieces

    def wait_for(self, text, seconds=60):
        seen = b""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            seen += b"".join(data for _, data in self.read(0.1))
            if text.encode() in seen:
                return
        sys.exit(f"workbench.py: '{text}' was not shown within {seconds} s:\n{plain(seen)[-2000:]}")

    def close(self, keys="q"):
        try:
            self.press(keys)
            end = time.monotonic() + 20
            while time.monotonic() < end:
                self.read(0.05)
                if os.waitpid(self.process, os.WNOHANG)[0]:
                    break
            else:
                os.kill(self.process, signal.SIGKILL)
                os.waitpid(self.process, 0)
        except (OSError, ChildProcessError):
            pass
        os.close(self.terminal)


def plain(data):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]", "", data.decode(errors="replace"))


def processor_seconds(process):
    return seconds_of(f"/proc/{process}/stat")


def seconds_of(path):
    fields = open(path).read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def thread_seconds(process):
    """Processor time of each thread."""
    times = {}
    for thread in os.listdir(f"/proc/{process}/task"):
        try:
            times[thread] = seconds_of(f"/proc/{process}/task/{thread}/stat")
        except OSError:
            pass  # It has just ended.
    return times


def mebibytes(process):
    return int(open(f"/proc/{process}/statm").read().split()[1]) * PAGE / (1 << 20)


def spread(values):
    values = sorted(values)
    return {
        "median": statistics.median(values), "min": values[0], "max": values[-1],
        "count": len(values),
    }


class Bench:
    def __init__(self, options, folder):
        self.rtl = str(pathlib.Path(options.rtl).resolve())
        self.options = options
        self.folder = folder
        self.runs = str(folder / "runs")
        self.names = 0

    def command(self, *words):
        return [self.rtl, *words, "--runs", self.runs, "--threads", str(self.options.threads)]

    def fresh(self, stem):
        self.names += 1
        return f"{stem}-{os.getpid()}-{self.names}"

    def recorded(self):
        """A short finished run."""
        name = "recorded"
        if not (pathlib.Path(self.runs) / name).exists():
            subprocess.run(
                self.command("run", "demo", "--headless", "--name", name, *SHORT), check=True,
                stdout=subprocess.DEVNULL)
        return name

    def start(self, columns=120, rows=40):
        """A workbench on a run that trains without end."""
        name = self.fresh("endless")
        screen = Screen(self.command("run", "demo", "--name", name, *ENDLESS), columns, rows)
        self.wait_for_state(name, "running", screen)
        screen.read(3)
        return name, screen

    def status(self, name):
        command = [self.rtl, "status", name, "--json", "--runs", self.runs]
        answer = subprocess.run(command, capture_output=True)
        return json.loads(answer.stdout) if answer.returncode == 0 else {"state": "unknown"}

    def wait_for_state(self, name, state, screen, seconds=60, patience=0.3):
        """Reads what is written meanwhile: a full terminal would hold the workbench up."""
        end = time.monotonic() + seconds
        while self.status(name)["state"] != state:
            if time.monotonic() > end:
                sys.exit(f"workbench.py: {name} was not {state} within {seconds} s")
            screen.read(patience)

    def end(self, name, screen):
        screen.close()
        subprocess.run(
            [self.rtl, "ctl", name, "stop", "--runs", self.runs], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        # It writes its checkpoint yet, into a folder that will be removed.
        deadline = time.monotonic() + 20
        while self.status(name)["state"] not in ("stopped", "failed"):
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)

    # What is measured

    def first_frame(self):
        def time_of(*words):
            screen = Screen(self.command(*words))
            pieces = screen.burst(10, gap=0.08)
            moment = (pieces[-1][0] - screen.began) * 1000
            screen.close()
            return moment

        self.recorded()
        kinds = {
            "start_screen": ["workbench"],
            "recorded_run": ["replay", "recorded", "--speed", "0.001"],
        }
        return {
            f"{kind}_ms": spread([time_of(*words) for _ in range(10)])
            for kind, words in kinds.items()
        }

    def key_to_screen(self):
        name, screen = self.start()
        screen.press("1")
        screen.read(0.5)
        screen.press("f")
        screen.read(7)
        delays = []
        while len(delays) < self.options.keys:
            screen.read(random.uniform(0.06, 0.2))
            pressed = time.monotonic()
            screen.press("y")
            taken, size = None, 0
            while taken is None and time.monotonic() < pressed + 2:
                for moment, data in screen.read(0.002):
                    size += len(data)
                    # The clock alone takes some twenty bytes; a chart on another scale many more.
                    if size > 100:
                        taken = taken or moment
            if taken is None:
                sys.exit("workbench.py: a key changed nothing within 2 s")
            delays.append((taken - pressed) * 1000)
        self.end(name, screen)
        delays.sort()
        return {
            "p50_ms": statistics.median(delays),
            "p99_ms": delays[min(len(delays) - 1, int(len(delays) * 0.99))],
            "max_ms": delays[-1], "count": len(delays), "threads": self.options.threads,
        }

    def idle(self):
        name, screen = self.start()
        screen.press("p")
        self.wait_for_state(name, "paused", screen)
        # Until the notice has gone.
        screen.read(8)
        processes = {"workbench": screen.process, "engine": self.status(name)["engine"]}
        before = {who: processor_seconds(process) for who, process in processes.items()}
        seconds = 10
        silence = sum(len(data) for _, data in screen.read(seconds))
        figures = {
            f"{who}_percent": (processor_seconds(process) - before[who]) / seconds * 100
            for who, process in processes.items()
        }
        self.end(name, screen)
        return dict(figures, bytes_written=silence, seconds=seconds)

    def bytes(self):
        name, screen = self.start()
        frames = []
        end = time.monotonic() + 10
        while time.monotonic() < end:
            frames.append(sum(len(data) for _, data in screen.burst(1)))
        screen.press("p")
        self.wait_for_state(name, "paused", screen)
        screen.read(9)
        redraws = []
        for _ in range(5):
            for columns, rows in [(120, 40), (200, 60)]:
                screen.resize(columns, rows)
                os.kill(screen.process, signal.SIGWINCH)
                size = sum(len(data) for _, data in screen.burst(2, gap=0.15))
            redraws.append(size)
        self.end(name, screen)
        self.recorded()
        # A run that has ended: not even a clock goes on.
        screen = Screen(self.command("replay", "recorded", "--speed", "max"))
        screen.wait_for("END")
        screen.read(9)
        unchanged = sum(len(data) for _, data in screen.read(5))
        screen.close()
        return {
            "unchanged": unchanged, "training_120x40": spread(frames),
            "full_redraw_200x60": spread(redraws),
        }

    def overhead(self):
        threads, seconds = self.options.threads, self.options.seconds

        def shares(engine, wait, screen=None):
            """The engine's time beside the training's, and the screen's in that of the cores, in percent."""
            before = thread_seconds(engine), screen and processor_seconds(screen)
            began = time.monotonic()
            wait()
            passed = time.monotonic() - began
            after = thread_seconds(engine)
            spent = sorted(
                (time - before[0].get(thread, 0) for thread, time in after.items()), reverse=True)
            training = sum(spent[:threads])
            own = screen and processor_seconds(screen) - before[1]
            beside = sum(spent[threads:]) / training * 100
            return beside, (own or 0) / (passed * threads) * 100

        def headless():
            name = self.fresh("headless")
            process = subprocess.Popen(
                self.command("run", "demo", "--headless", "--name", name, *ENDLESS),
                stdout=subprocess.DEVNULL)
            while self.status(name)["state"] != "running":
                time.sleep(0.3)
            time.sleep(3)
            figures = shares(process.pid, lambda: time.sleep(seconds))
            process.terminate()
            process.wait()
            return figures

        def watched():
            name, screen = self.start(200, 60)
            engine = self.status(name)["engine"]
            figures = shares(engine, lambda: screen.read(seconds), screen.process)
            self.end(name, screen)
            return figures

        pairs = []
        for index in range(self.options.pairs):
            order = [headless, watched] if index % 2 == 0 else [watched, headless]
            pairs.append({measure.__name__: measure() for measure in order})
        return {
            "headless_percent": spread([pair["headless"][0] for pair in pairs]),
            "watched_engine_percent": spread([pair["watched"][0] for pair in pairs]),
            "workbench_percent": spread([pair["watched"][1] for pair in pairs]),
            "added_percent": spread(
                [sum(pair["watched"]) - pair["headless"][0] for pair in pairs]),
            "threads": threads, "seconds": seconds,
        }

    def slowdown(self):
        return {
            stage: self.slowdown_in(stage, overrides)
            for stage, overrides in [("extraction", ENDLESS), ("retraining", RETRAINING)]
        }

    def slowdown_in(self, stage, overrides):
        """One training throughout; only the screen comes and goes, so that what drifts with the machine hits
        both sides of a pair alike."""
        name = self.fresh(stage)
        engine = subprocess.Popen(
            self.command("run", "demo", "--headless", "--name", name, *overrides),
            stdout=subprocess.DEVNULL)
        log = pathlib.Path(self.runs) / name / "events.jsonl"
        while not (log.exists() and f'"stage":"{stage}","step":'.encode() in log.read_bytes()):
            time.sleep(0.3)
        windows = []
        for index in range(2 * self.options.pairs):
            is_watched = index % 4 in (1, 2)
            attach = [self.rtl, "attach", name, "--runs", self.runs]
            screen = Screen(attach, 200, 60) if is_watched else None
            # Coming, and going before, are no part of it.
            self.pass_time(2, screen)
            began = time.time()
            self.pass_time(self.options.seconds, screen)
            windows.append((began, time.time()))
            if screen:
                screen.close()
        engine.terminate()
        engine.wait()
        moments = [
            event["time"] for event in map(json.loads, open(log)) if event["event"] == "step_finished"]
        rates = [
            (bisect.bisect(moments, end) - bisect.bisect(moments, began)) / (end - began)
            for began, end in windows]
        percents = [
            ((first / second if index % 2 == 0 else second / first) - 1) * 100
            for index, (first, second) in enumerate(zip(rates[::2], rates[1::2]))]
        deviation = statistics.stdev(percents) if len(percents) > 1 else 0
        return {
            "percent": spread(percents) | {
                "mean": statistics.mean(percents), "standard_error": deviation / len(percents) ** 0.5},
            "steps_per_second": spread(rates), "seconds": self.options.seconds,
            "threads": self.options.threads,
        }

    def pass_time(self, seconds, screen):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if screen:
                screen.read(left)
            else:
                time.sleep(left)

    def memory(self):
        self.recorded()
        figures = {}
        for count in [self.options.events // 10, self.options.events]:
            name = f"long-{count}"
            self.make_long(name, count)
            screen = Screen(self.command("replay", name, "--speed", "max"))
            # Only what changes is written, and of the header that is the last word.
            screen.wait_for("END", seconds=1200)
            screen.read(1)
            figures[f"after_{count}_events_mib"] = mebibytes(screen.process)
            screen.close()
        return figures

    def make_long(self, name, count):
        """The recorded run with one very long round in place of its own."""
        source = pathlib.Path(self.runs) / "recorded"
        target = pathlib.Path(self.runs) / name
        target.mkdir()
        shutil.copy(source / "config.resolved.yaml", target)
        sequence = 0
        with open(target / "events.jsonl", "w") as log:
            def write(event, data, moment):
                nonlocal sequence
                line = {"data": data, "event": event, "sequence": sequence, "time": moment}
                log.write(json.dumps(line, separators=(",", ":")) + "\n")
                sequence += 1

            for line in open(source / "events.jsonl"):
                event = json.loads(line)
                write(event["event"], event["data"], event["time"])
                if event["event"] == "round_started":
                    moment, masks = event["time"], len(event["data"]["planned_steps"])
                    break
            steps = count // masks
            for index in range(steps * masks):
                moment += 0.001
                write(
                    "step_finished",
                    {
                        "stage": "extraction", "round": 1, "subnetwork": index % masks, "epoch": 1,
                        "step": 1 + index // masks, "planned_steps": steps,
                        "loss": 0.3 + 0.4 / (1 + index / 1e4) + random.uniform(-0.05, 0.05),
                        "samples": 64,
                    }, moment)


def show(figures, indent="  "):
    for name, value in figures.items():
        if isinstance(value, dict) and "median" not in value:
            print(f"{indent}{name}")
            show(value, indent + "  ")
            continue
        if isinstance(value, dict):
            text = f"{value['median']:.1f}  ({value['min']:.1f} to {value['max']:.1f}, n = {value['count']})"
            if "standard_error" in value:
                text += f", mean {value['mean']:.1f} ± {value['standard_error']:.1f}"
        else:
            text = f"{value:.2f}" if isinstance(value, float) else str(value)
        print(f"{indent}{name:28} {text}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--what", nargs="+", choices=ALL, default=ALL)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--keys", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rtl", default=".build/release/rtl")
    parser.add_argument("--folder", help="keep the runs here, so that a later call has the recorded one")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not os.access(options.rtl, os.X_OK):
        sys.exit(f"workbench.py: {options.rtl}: no such program; make release builds it")
    figures = {}
    with tempfile.TemporaryDirectory(prefix="rtl-bench-") as own:
        bench = Bench(options, pathlib.Path(options.folder or own))
        for what in options.what:
            print(f"{what} …", file=sys.stderr)
            figures[what] = getattr(bench, what)()
            if not options.json:
                print(what)
                show(figures[what])
                sys.stdout.flush()
    if options.json:
        print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
