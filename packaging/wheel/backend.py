"""Builds the wheel: maturin's, with manual pages and completions added to it.

They are printed by the program in the wheel, so they cannot be out of date and none is kept in the repository.
"""

import pathlib
import subprocess
import sys
import tempfile

import maturin
from maturin import (  # noqa: F401
    build_editable,
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

# Where each shell looks, below the folder that a wheel's `data` is installed to.
COMPLETIONS = {
    "bash": "bash-completion/completions/crossrole",
    "zsh": "zsh/site-functions/_crossrole",
    "fish": "fish/vendor_completions.d/crossrole.fish",
}


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = maturin.build_wheel(wheel_directory, config_settings, metadata_directory)
    with tempfile.TemporaryDirectory() as folder:
        wheel("unpack", pathlib.Path(wheel_directory, name), "--dest", folder)
        (unpacked,) = pathlib.Path(folder).iterdir()
        add_pages(unpacked)
        # In place: the new archive has the name of the old one.
        wheel("pack", unpacked, "--dest-dir", wheel_directory)
    return name


def add_pages(unpacked):
    (program,) = unpacked.glob("*.data/scripts/crossrole*")
    share = program.parents[1] / "data" / "share"
    subprocess.run([program, "man", "--out", share / "man" / "man1"], check=True)
    for shell, path in COMPLETIONS.items():
        file = share / path
        file.parent.mkdir(parents=True)
        file.write_bytes(subprocess.run([program, "completions", shell], check=True, stdout=subprocess.PIPE).stdout)


def wheel(*arguments):
    subprocess.run([sys.executable, "-m", "wheel", *arguments], check=True)
