"""The same conversation inside tmux, a terminal that others wrote: it must look as kept there too."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
HERE = Path(__file__).parent
RUN = "import runpy, sys; sys.exit(runpy.run_path(sys.argv[1])['main'](sys.argv[2:]))"
PATIENCE_S = 120.0
ROWS = 220


class Tmux:
    """One tmux server with one window, in which a command runs."""

    def __init__(self, socket, columns, command):
        self._socket = str(socket)
        plain = {key: value for key, value in os.environ.items() if not key.startswith("BYLINE_")}
        for name in ("NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR", "TMUX"):
            plain.pop(name, None)
        self._environment = {**plain, "PAGER": "cat", "LANG": "C.UTF-8", "TERM": "xterm-256color"}
        self._do("-f", os.devnull, "new-session", "-d", "-x", str(columns), "-y", str(ROWS), f"{command}; sleep 600")
        self._do("set", "-g", "status", "off")
        self._do("resize-window", "-x", str(columns), "-y", str(ROWS))

    def _do(self, *words):
        command = ["tmux", "-u", "-S", self._socket, *words]
        return subprocess.run(command, env=self._environment, check=True, capture_output=True, text=True).stdout

    def say(self, text):
        self._do("send-keys", "-l", text)
        self._do("send-keys", "Enter")

    def shown(self):
        return "\n".join(line.rstrip() for line in self._do("capture-pane", "-p").splitlines()).rstrip("\n") + "\n"

    def wait_until(self, holds, why):
        until = time.monotonic() + PATIENCE_S
        while not holds(self.shown()):
            assert time.monotonic() < until, f"{why}:\n{self.shown()}"
            time.sleep(0.05)

    def prompted(self, times):
        def waits(shown):
            lines = shown.splitlines()
            return lines[-1:] == [">"] and sum(line == ">" or line.startswith("> ") for line in lines) >= times

        self.wait_until(waits, f"no prompt {times}")

    def close(self):
        self._do("kill-server")


@pytest.fixture
def tmux(tmp_path):
    opened = []

    def start(columns, *arguments):
        words = [sys.executable, "-c", RUN, str(HERE / "wire.py"), "--home", str(tmp_path / "home"), *arguments]
        opened.append(Tmux(tmp_path / "tmux", columns, shlex.join(words)))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.mark.parametrize("columns", [40, 200])
def test_a_conversation_looks_as_kept_in_tmux(tmux, golden, wire, columns):
    chat = tmux(columns, "chat")
    for number, entry in enumerate(wire.CONVERSATION, 1):
        chat.prompted(number)
        chat.say(entry)
    chat.prompted(len(wire.CONVERSATION) + 1)
    chat.say("/quit")
    chat.wait_until(lambda shown: shown.endswith("> /quit\n"), "it did not end")
    golden(f"chat-{columns}.txt", chat.shown())
