import importlib.util
import os
import sys
import time
from pathlib import Path

import pexpect
import pyte
import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
GOLDEN = ROOT / "tests" / "golden"
RUN = "import runpy, sys; sys.exit(runpy.run_path(sys.argv[1])['main'](sys.argv[2:]))"
SCRIPTED = ("-c", RUN, str(HERE / "wire.py"))
LONG = 200
PATIENCE_S = 60.0


@pytest.fixture(scope="session")
def wire():
    spec = importlib.util.spec_from_file_location("wire", HERE / "wire.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def byline(wire, capsys, tmp_path, monkeypatch):
    """Runs a command in this process: (exit code, stdout, stderr). `byline.engine` is the scripted engine."""
    for name in [each for each in os.environ if each.startswith("BYLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments, parts=None):
        from rag.doors.cli import main

        own, run.engine = wire.world()
        code = main(["--home", str(tmp_path / "home"), *map(str, arguments)], parts or own)
        said = capsys.readouterr()
        return code, said.out, said.err

    run.home = tmp_path / "home"
    return run


class Terminal:
    """A process under a pseudo-terminal, and what its screen shows; `raw` is all that it wrote."""

    def __init__(self, program, arguments, columns, rows, environment):
        plain = {key: value for key, value in os.environ.items() if not key.startswith("BYLINE_")}
        plain = {k: v for k, v in plain.items() if k not in ("NO_COLOR", "COLUMNS", "LINES", "PAGER", "FORCE_COLOR")}
        self._child = pexpect.spawn(
            sys.executable,
            [*program, *arguments],
            env={**plain, "TERM": "xterm-256color", "PAGER": "cat", "LANG": "C.UTF-8", **environment},
            dimensions=(rows, columns),
            timeout=PATIENCE_S,
        )
        self.patience_s = PATIENCE_S
        self._screen = pyte.Screen(columns, rows)
        self._screen.write_process_input = lambda reply: self._child.send(reply)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = b""

    def shown(self):
        lines = [line.rstrip() for line in self._screen.display]
        while lines and not lines[-1]:
            lines.pop()
        return "\n".join(lines) + "\n"

    def _more(self):
        try:
            piece = self._child.read_nonblocking(65536, timeout=0.05)
        except pexpect.TIMEOUT:
            return
        self.raw += piece
        self._stream.feed(piece)

    def wait_for(self, words, times=1):
        """Read until the screen shows the words so often."""
        until = time.monotonic() + self.patience_s
        while self.shown().count(words) < times:
            assert time.monotonic() < until, f"{words!r} did not come:\n{self.shown()}"
            self._more()

    def prompted(self, times):
        """Read until the prompt waits for the entry of this number."""
        until = time.monotonic() + self.patience_s
        while sum(line in (">", "> ") for line in self.shown().splitlines()[-1:]) < 1 or self._entries() < times:
            assert time.monotonic() < until, f"no prompt {times}:\n{self.shown()}"
            self._more()

    def _entries(self):
        return sum(line == ">" or line.startswith("> ") for line in self.shown().splitlines())

    def say(self, text, end="\r"):
        self._child.send(text + end)

    def echoes(self):
        """Whether the terminal itself repeats what is typed."""
        import termios

        return bool(termios.tcgetattr(self._child.child_fd)[3] & termios.ECHO)

    def end(self):
        """Read to the end; the exit code."""
        until = time.monotonic() + self.patience_s
        while time.monotonic() < until:
            try:
                self._more()
            except pexpect.EOF:
                break
        self._child.close()
        return self._child.exitstatus

    def interrupt(self):
        self._child.sendintr()

    def kill(self):
        import signal

        self._child.kill(signal.SIGKILL)
        self.end()

    def close(self):
        self._child.close(force=True)


@pytest.fixture
def terminal(tmp_path):
    """Starts a command under a pseudo-terminal of so many columns."""
    opened = []

    def start(*arguments, columns=100, rows=LONG, program=SCRIPTED, **environment):
        words = ["--home", str(tmp_path / "home"), *arguments]
        opened.append(Terminal(program, words, columns, rows, environment))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def golden():
    """Compares a whole text with a kept one; KEEP_GOLDEN=1 keeps the new one, to be looked at."""

    def compare(name, text):
        path = GOLDEN / name
        if os.environ.get("KEEP_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path.name} is not kept yet; look at the text and keep it:\n{text}"
        assert text == path.read_text(encoding="utf-8")

    return compare
