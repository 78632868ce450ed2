"""Run a program that ends with its parent process, even if that is killed.

Run as a script: the arguments are the program and its arguments; standard input is a pipe whose
other end the parent process holds and never writes to. When the parent ends, in whatever way,
the system closes the pipe.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading


def main() -> None:
    """Run the program, and exit with its exit code."""
    # A signal from the terminal to all its processes must not end this one before the program.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    try:
        process = subprocess.Popen(  # noqa: S603 - the arguments come from this package
            sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True
        )
    except OSError as error:
        sys.exit(f"{sys.argv[1]}: {error.strerror}")

    def end_with_parent() -> None:
        os.read(0, 1)
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)  # and its children
        else:
            process.kill()

    threading.Thread(target=end_with_parent, daemon=True).start()
    code = process.wait()
    if code < 0:
        print(f"it was ended by signal {-code}", flush=True)
    # Not sys.exit, which would wait for the stream that the thread reads.
    os._exit(1 if code else 0)


if __name__ == "__main__":
    main()
