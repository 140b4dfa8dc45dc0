"""Become another program that ends when its parent does.

Run as a script between `Child` and the program, by a bare interpreter: nothing but the standard library is at hand.
Arguments: the parent's process id, the signal to die by, user id and group id (-1: stay who we are), the lifeline
(a pipe whose other end the parent holds; -1: the kernel tells), then the program and its arguments.
"""

import ctypes
import os
import select
import sys

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_LOOK_AFTER_S = 1.0
_DESCRIPTORS = 1024


def main(arguments: list[str]) -> None:
    """Turn this process into the program; never comes back."""
    parent, death_signal, uid, gid, lifeline = (int(number) for number in arguments[:5])
    program = arguments[5:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if lifeline >= 0:
        _leave_watcher(lifeline, death_signal)
    elif sys.platform == "linux":
        # After the change of user, which would clear it; execv of an ordinary program keeps it. Elsewhere a program
        # that we wait for, such as initdb, has neither: who waits ends it.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        sys.exit("the parent ended before its child began")
    os.execv(program[0], program)  # noqa: S606 - the very purpose


def _leave_watcher(lifeline: int, death_signal: int) -> None:
    """Leave a process behind that signals this one when the lifeline breaks, for systems without prctl.

    Forked twice, so that the program does not find a child it never made.
    """
    program = os.getpid()
    between = os.fork()
    if between:
        os.waitpid(between, 0)
        os.close(lifeline)
        return
    if os.fork() == 0:
        os.setsid()
        os.closerange(0, lifeline)
        os.closerange(lifeline + 1, _DESCRIPTORS)
        _watch(lifeline, program, death_signal)
    os._exit(0)


def _watch(lifeline: int, program: int, death_signal: int) -> None:
    try:
        while not select.select([lifeline], [], [], _LOOK_AFTER_S)[0]:
            os.kill(program, 0)
        os.kill(program, death_signal)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    main(sys.argv[1:])
