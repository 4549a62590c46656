"""The outermost wall: whatever happens, a run ends with one line and an exit code.

What is foreseen is a CrawlerError, and `crawler.cli.group` tells of it. Here are the streams that a
shell may close or fill, Ctrl-C at any moment, and what nobody foresaw.
"""

from __future__ import annotations

import _thread
import contextlib
import errno
import logging
import os
import platform
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from io import TextIOWrapper, UnsupportedOperation
from pathlib import Path
from typing import TYPE_CHECKING

from crawler import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    _Hook = Callable[[sys.UnraisableHookArgs], object]

INTERRUPTED = 130
TERMINATED = 143
UNFORESEEN = 70  # EX_SOFTWARE of sysexits.h
_OF_STREAMS = {errno.ENOSPC, errno.EPIPE, errno.EBADF, errno.EIO, errno.EFBIG}
_SHOWN = 60  # characters of a name that is too long
_SOON = 0.01  # seconds
_ONE_WISH = 1.0  # seconds between two presses of a key that is held down, at the most
_MORE_MEMORY = "close what else is open, or raise the limit (ulimit -v)"
_PACKAGE = Path(__file__).resolve().parent.parent


def run_guarded() -> int:
    """Run the command line of this process, which is to end afterwards.

    Returns its exit code; never raises an Exception. From then on Ctrl-C is ignored.
    """
    _wishes.clear()
    prepare_streams()
    _ignore_warnings()
    # numpy comes with libraries; its threads take memory, and end a process that has too little
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _check_width()
    _check_completion()
    signal.signal(signal.SIGTERM, _leave)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored
        signal.signal(signal.SIGINT, _pressed)
    sys.unraisablehook = _keep_interrupts(sys.unraisablehook)
    code = 0
    try:
        from crawler.cli.group import cli  # noqa: PLC0415 -- guarded, too

        cli.main(prog_name="crawler")
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except KeyboardInterrupt:
        _say("stopped")
        code = INTERRUPTED
    except OSError as failure:
        code = _os_failure(failure)
    except MemoryError:
        code = _memory_ran_out()
    except UnicodeEncodeError as error:
        code = _no_letters(error)
    except Exception as error:  # noqa: BLE001  (that is what the wall is for)
        code = _ended() or (_memory_ran_out() if _lacks_memory(error) else _unforeseen(error))
    finally:  # Ctrl-C pressed once more would fall into Python's own end, which shows a traceback
        signal.signal(signal.SIGINT, _stay)
    return code if _flush_streams() else max(code, 1)


def _ignore_warnings() -> None:
    """What libraries warn of is for programmers, and quotes what they read as it came.

    `python -W` and PYTHONWARNINGS show it nonetheless.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
        os.environ["PYTHONWARNINGS"] = "ignore"  # for the processes that clean


def _check_width() -> None:
    """Unset how wide the terminal is where that is no number; rich takes some signs for one.

    And 0, with which a shell says that it does not know: rich would show no table at all.
    """
    for name in ("COLUMNS", "LINES"):
        said = os.environ.get(name, "1")
        if not (said.isascii() and said.isdigit() and len(said) <= _DIGITS and int(said)):
            del os.environ[name]


_DIGITS = 5


def _check_completion() -> None:
    """Unset that a shell asks for completion where it does not say of what: click falls over it."""
    shell, _, wish = os.environ.get("_CRAWLER_COMPLETE", "").partition("_")
    place = os.environ.get("COMP_CWORD")  # a number, and of fish the word itself
    is_said = place is not None and (shell == "fish" or place.isdecimal())
    if wish == "complete" and not (is_said and "COMP_WORDS" in os.environ):
        del os.environ["_CRAWLER_COMPLETE"]


_wishes: list[int] = []
"""The exit codes of the signals that came and were raised."""


def _ended() -> int:
    """The exit code of a run that was to end; 0 of any other.

    A library may make an error of its own of what a signal raised in it, as pydantic does.
    """
    if _wishes:
        _say("stopped")
    return _wishes[0] if _wishes else 0


class _Terminated(SystemExit):
    """SIGTERM, which is no other exit code of a command's."""


def _leave(*_: object) -> None:
    """End as Ctrl-C does, with what the run has still to say."""
    _wishes.append(TERMINATED)
    raise _Terminated(TERMINATED)


class Presses:
    """Ctrl-C, as KeyboardInterrupt: once for all presses that follow one another.

    Of a key that is held down each press would fall into what tells of the first, and somewhere
    into what cannot be guarded: Python's own end, or the end of an object. Where the first was
    lost in a library it may be pressed again after a moment.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = -_ONE_WISH

    def __call__(self, *_: object) -> None:
        """Raise KeyboardInterrupt, unless it was raised for the press just before."""
        now = self._clock()
        before, self._last = self._last, now
        if now - before >= _ONE_WISH:
            _wishes.append(INTERRUPTED)
            raise KeyboardInterrupt

    def forget(self) -> None:
        """Take the next press for the first."""
        self._last = self._clock() - _ONE_WISH


_pressed = Presses()


def _stay(*_: object) -> None:
    """Do nothing: SIG_IGN may break on a signal that just comes, and children would keep it."""


def _keep_interrupts(hook: _Hook) -> _Hook:
    """Tell as this hook does of what Python cannot raise, but for signals at the end of an object.

    Python would show a traceback and forget that anybody pressed Ctrl-C, or ended the run by
    SIGTERM: the signal is given again instead.
    """
    main = threading.get_ident()

    def tell(unraisable: sys.UnraisableHookArgs) -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            _press_soon(main, signal.SIGINT)
        elif isinstance(unraisable.exc_value, _Terminated):
            _press_soon(main, signal.SIGTERM)
        else:
            hook(unraisable)

    return tell


def _press_soon(main: int, wish: signal.Signals) -> None:
    """Let a thread press Ctrl-C, or give SIGTERM; either may come again, which is the same wish.

    To start one takes long on a busy machine, and what came out of it here would be shown as a
    traceback.
    """
    while True:
        try:
            _thread.start_new_thread(_interrupt_soon, (main, wish))
        except (KeyboardInterrupt, _Terminated):
            continue
        return


def _interrupt_soon(main: int, wish: signal.Signals) -> None:
    """Press Ctrl-C, or give SIGTERM, once the object, and who tells of it, have ended."""
    time.sleep(_SOON)
    _pressed.forget()
    signal.pthread_kill(main, wish)  # which ends a wait, too


def prepare_streams() -> None:
    """Speak UTF-8 whatever the locale is, and put a closed stream's number out of harm's way.

    A database that is opened where stdout was closed would get its number, and lines of text. And
    what libraries log goes nowhere: warcio would print addresses as they stand in a broken record.
    """
    logging.getLogger().addHandler(logging.NullHandler())
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
            continue
        _let_wait(stream)
        if isinstance(stream, TextIOWrapper) and mode == "w":
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        elif isinstance(stream, TextIOWrapper):
            with contextlib.suppress(UnsupportedOperation):  # somebody has read from it
                stream.reconfigure(errors="replace")  # an answer that is no text is none


def _let_wait(stream: TextIO) -> None:
    """Let a stream wait for the other end, also where a program that shares it wants no waiting.

    Else what does not fit into a pipe at once is lost, in both directions, without a word.
    """
    with contextlib.suppress(OSError, ValueError, AttributeError):  # Windows waits as it is
        os.set_blocking(stream.fileno(), True)


def _memory_ran_out() -> int:
    _say(f"error: memory ran out; {_MORE_MEMORY}; what was reported is kept")
    return 1


def _lacks_memory(error: Exception) -> bool:
    """Whether that is why a library could not be loaded, or a thread not be started."""
    said = str(error).lower()
    is_of_this_kind = isinstance(error, ImportError | RuntimeError)
    return is_of_this_kind and any(words in said for words in _NO_MEMORY)


_NO_MEMORY = ("failed to map segment", "cannot allocate memory", "can't start new thread")
"""What the loader of libraries says, and what Python says of threads."""


def _os_failure(failure: OSError) -> int:
    """A stream that is full or gone, where the disk's errors have words already.

    And a name that no file system takes, or a current folder that somebody removed: whatever asks
    about a file stumbles on it.
    """
    if failure.errno == errno.ENOENT and _is_nowhere():
        _say("error: the current folder is gone; change to one that is there")
        return 1
    if failure.errno == errno.ENOMEM:
        return _memory_ran_out()
    if failure.errno == errno.ENAMETOOLONG:
        name = _name_in(failure) or "a name"
        _say(f"error: {name[:_SHOWN]}...: is too long for a file's name; give a shorter one")
        return 1
    name = _name_in(failure)
    if name and not _is_of_program(name):
        _say(f"error: {_on_screen(name)}: cannot be used: {failure.strerror}; {_CHECK}")
        return 1
    if failure.filename is not None or failure.errno not in _OF_STREAMS:
        return _unforeseen(failure)
    _say(f"error: the output cannot be written: {failure.strerror}; free some space, or go on")
    return 1


_CHECK = "check its permissions, those of its folder, and the free space"


def _name_in(failure: OSError) -> str:
    """The file that an error names; of two, as where one is renamed, that which was to be there."""
    named = failure.filename if failure.filename2 is None else failure.filename2
    if not isinstance(named, str | bytes | os.PathLike):
        return ""
    return os.fsencode(named).decode("utf-8", "replace")


def _is_of_program(name: str) -> bool:
    """Whether a file is one of ours, or of Python's, which no user has anything to do with."""
    import sysconfig  # noqa: PLC0415 -- seldom

    names = ("stdlib", "purelib", "platlib")
    places = (_PACKAGE, *(Path(sysconfig.get_path(name)) for name in names))
    path = Path(os.path.abspath(name))  # noqa: PTH100  (with no look at the disk)
    return any(path.is_relative_to(place) for place in places)


def _on_screen(name: str) -> str:
    from crawler.cli.printing import message_on_screen, on_screen  # noqa: PLC0415 -- seldom

    return message_on_screen(on_screen(name))


def _is_nowhere() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def _no_letters(error: UnicodeEncodeError) -> int:
    """A file's name in a locale whose encoding has not its letters, as GBK has no emoji."""
    encoding = sys.getfilesystemencoding()
    if encoding == "utf-8":
        return _unforeseen(error)
    _say(f"error: the locale's encoding ({encoding}) lacks letters of a file's name; {_IN_UTF8}")
    return 1


_IN_UTF8 = "set PYTHONUTF8=1, and run it again"


def _flush_streams() -> bool:
    """Empty the buffers. Returns False where a stream takes no more; it is set aside then."""
    is_well = True
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            is_well = False
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return is_well


def _unforeseen(error: BaseException) -> int:
    path = _write_report(error)
    where = f"a report without any text of articles is in {path}" if path else "no report was kept"
    _say(f"error: crawler broke: {type(error).__name__}; {where}; what was reported is kept")
    return UNFORESEEN


def _say(line: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)  # noqa: T201


def _write_report(error: BaseException) -> Path | None:
    """Write where in the code it broke, and nothing of the data that it broke on."""
    about = f"crawler {__version__}, Python {platform.python_version()}, {sys.platform}"
    text = "\n".join([about, *_places(error)]) + "\n"
    try:
        descriptor, name = tempfile.mkstemp(prefix="crawler-", suffix=".txt")
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(text)
    except OSError:
        return None
    return Path(name)


def _places(error: BaseException | None) -> Iterator[str]:
    """The names of the errors and the lines of code, without any message or value."""
    while error is not None:
        yield f"{type(error).__module__}.{type(error).__name__}"
        for frame, line in traceback.walk_tb(error.__traceback__):
            code = frame.f_code
            yield f"  {_short(code.co_filename)}:{line} {code.co_name}"
        error = error.__cause__ or error.__context__


def _short(filename: str) -> str:
    """A file of ours from the package on, one of a library by its own last parts."""
    path = Path(filename)
    if path.is_relative_to(_PACKAGE):
        return path.relative_to(_PACKAGE.parent).as_posix()
    return "/".join(path.parts[-2:])
