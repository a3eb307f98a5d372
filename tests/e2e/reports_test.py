"""reports_test.py look|office TEST_ALERTING [--keep DIR]: the sample reports as a reader sees them.

look    contrast of every text on its ground, light and dark, by the page's own colours; nothing remote is asked for;
        pictures have a description. With a Chromium: nothing is wider than 360 px, also without pictures, and
        screenshots at 360 and 1000 px (kept in DIR).
office  LibreOffice reads Word and Excel without a repair and turns them into PDF; title, page numbers and the last line
        are on the pages.
"""
import html
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

MODE, BINARY = sys.argv[1], sys.argv[2]
KEEP = pathlib.Path(sys.argv[4]).resolve() if len(sys.argv) > 4 and sys.argv[3] == "--keep" else None
WORK = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-reports-"))
subprocess.run([BINARY, "[.write]"], env={**os.environ, "TINGCHAO_REPORTS": str(WORK)}, check=True, stdout=subprocess.DEVNULL)
NAMES = ["day", "week", "month", "special", "empty", "flooded"]
CONTRAST = 4.5


def expect(truth, what):
    if not truth:
        sys.exit(f"FAILED: {what}")


# — contrast

def luminance(colour):
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(ink, ground):
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def declarations(style):
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in (d.partition(":") for d in style.split(";")) if value}


def dark_rules(page):
    """Class → declarations of the dark scheme; every rule there is of classes alone and important."""
    block = re.search(r"@media \(prefers-color-scheme:dark\)\{(.*?)\n\}", page, re.S)
    rules = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", block[1]):
        for selector in selectors.split(","):
            expect(re.fullmatch(r"\s*\.[a-z0-9]+\s*", selector), f"the dark rule {selector!r} is of more than a class")
            expect(body.count("!important") == body.count(":"), f"a dark rule of {selector} loses against the inline style")
            rules.setdefault(selector.strip()[1:], {}).update(declarations(body))
    return rules


def colour_of(value):
    found = re.search(r"#[0-9A-Fa-f]{6}\b", value or "")
    return found[0] if found else None


class Reader(html.parser.HTMLParser):
    """Walks the page with the colours that each text inherits."""
    VOID = {"img", "br", "meta", "link", "hr", "input"}

    def __init__(self, rules):
        super().__init__()
        self.rules, self.stack, self.worst, self.texts = rules, [("html", "#000000", "#FFFFFF", False)], (99, ""), 0
        self.images, self.remote = [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        _, ink, ground, hidden = self.stack[-1]
        own = declarations(attributes.get("style", ""))
        for name in attributes.get("class", "").split():
            own.update(self.rules.get(name, {}))
        ink = colour_of(own.get("color")) or ink
        ground = colour_of(own.get("background") or own.get("background-color")) or ground
        hidden = hidden or own.get("display") == "none" or tag in ("style", "title", "head")
        for name in ("src", "background", "srcset", "poster", "data"):
            value = attributes.get(name, "")
            if value and not value.startswith(("cid:", "data:")):
                self.remote.append(value)
        if re.search(r"url\(|@import|expression\(", attributes.get("style", "")) or tag in ("script", "link", "iframe", "object", "form"):
            self.remote.append(f"<{tag}>")
        if tag == "img":
            self.images.append(attributes)
            self.look(ink, ground, attributes.get("alt", ""))  # the description stands there when pictures are blocked
        if tag not in self.VOID:
            self.stack.append((tag, ink, ground, hidden))

    def handle_endtag(self, tag):
        for at in range(len(self.stack) - 1, 0, -1):
            if self.stack[at][0] == tag:
                del self.stack[at:]
                return

    def handle_data(self, data):
        _, ink, ground, hidden = self.stack[-1]
        if data.strip() and not hidden:
            self.look(ink, ground, data.strip())

    def look(self, ink, ground, text):
        self.texts += 1
        self.worst = min(self.worst, (contrast(ink, ground), f"{ink} on {ground}: {text[:30]}"))


def check_colours(name, page):
    expect(abs(contrast("#777777", "#FFFFFF") - 4.48) < 0.01, "the arithmetic of contrast")
    expect("@import" not in page and "url(" not in page and "<script" not in page, f"{name}: asks for something remote")
    for scheme, rules in (("light", {}), ("dark", dark_rules(page))):
        reader = Reader(rules)
        reader.feed(page)
        expect(reader.texts >= 20, f"{name}: only {reader.texts} texts were read")
        expect(not reader.remote, f"{name}: asks for {reader.remote[:3]}")
        expect(all(image.get("alt", "").strip() for image in reader.images), f"{name}: a picture without a description")
        expect(reader.worst[0] >= CONTRAST, f"{name}, {scheme}: contrast {reader.worst[0]:.2f} of {reader.worst[1]}")
        print(f"{name} {scheme}: least contrast {reader.worst[0]:.2f} ({reader.worst[1]}), {reader.texts} texts")


# — browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-headless-shell") or shutil.which("google-chrome")


def chromium(*words):
    return subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                           "--disable-component-update", "--no-first-run", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND",
                           f"--user-data-dir={WORK / 'profile'}", *words], capture_output=True, text=True, timeout=60)


def framed(page, width, height):
    """A window may not be as narrow as a phone; a frame may. The frame's own document is asked how wide it is."""
    return (f"<!DOCTYPE html><meta charset=utf-8><meta name=color-scheme content='light dark'><body style='margin:0'>"
            f"<iframe id=f style='border:0;display:block;color-scheme:auto' width={width} height={height} srcdoc=\"{html.escape(page)}\"></iframe>"
            "<pre id=out></pre><script>const f=document.getElementById('f');f.onload=()=>{const d=f.contentDocument,e=d.documentElement;"
            "let widest='',most=0;for(const x of d.querySelectorAll('body *')){const r=x.getBoundingClientRect().right;"
            "if(r>most){most=r;widest=x.outerHTML.slice(0,120)}}"
            "document.getElementById('out').textContent=JSON.stringify({wide:Math.max(e.scrollWidth,d.body.scrollWidth),high:e.scrollHeight,"
            "dark:f.contentWindow.matchMedia('(prefers-color-scheme: dark)').matches,text:d.body.innerText,widest})}</script>")


def measure(name, page, width, *flags):
    file = WORK / f"{name}-{width}-framed.html"
    file.write_text(framed(page, width, 800), encoding="utf-8")
    done = chromium("--virtual-time-budget=5000", "--dump-dom", *flags, file.as_uri())
    found = re.search(r'<pre id="out">(.+?)</pre>', done.stdout, re.S)
    expect(found, f"{name}: the browser told nothing\n{done.stderr[-500:]}")
    return json.loads(html.unescape(found[1]))


def picture(name, page, width, high, *flags):
    file, png = WORK / f"{name}.html.framed.html", WORK / f"{name}.png"
    file.write_text(framed(page, width, high), encoding="utf-8")
    chromium(f"--screenshot={png}", f"--window-size={width},{min(high, 6000)}", *flags, file.as_uri())
    expect(png.exists() and png.stat().st_size > 10_000, f"no picture of {name}")
    if KEEP:
        shutil.copy(png, KEEP / f"report-{name}.png")


def look_in_browser():
    too_wide = measure("too-wide", "<!DOCTYPE html><body style='margin:0'><div style='width:361px'>x</div>", 360)
    expect(too_wide["wide"] == 361, f"a page of 361 px is measured as {too_wide['wide']}")
    for name in ("day", "month", "special", "flooded"):
        page = (WORK / f"{name}.html").read_text(encoding="utf-8")
        for width in (320, 360):
            seen = measure(name, page, width)
            expect(seen["wide"] <= width, f"{name}: {seen['wide']} px wide at {width} px: {seen['widest']}")
            print(f"{name}: {seen['wide']} px wide at {width} px, {seen['high']} px high")
    page = (WORK / "day.html").read_text(encoding="utf-8")
    blind = measure("day", re.sub(r'src="data:[^"]*"', 'src="cid:blocked"', page), 360)
    expect(blind["wide"] <= 360, f"without pictures: {blind['wide']} px wide")
    for said in ("18–20时", "127", "食品安全", "96 篇", "划片", "41 篇"):
        expect(said in blind["text"], f"without pictures nobody reads {said}")
    dark = "--blink-settings=preferredColorScheme=0"
    expect(measure("day", page, 360, dark)["dark"], "the browser is not dark")
    for name in ("day", "special"):
        page = (WORK / f"{name}.html").read_text(encoding="utf-8")
        for width in (360, 1000):
            high = measure(name, page, width)["high"]
            picture(f"{name}-{width}", page, width, high)
            picture(f"{name}-{width}-dark", page, width, high, dark)


# — office

def office():
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if not soffice or not shutil.which("pdftotext"):
        print("office: SKIPPED, neither LibreOffice nor poppler-utils is installed (deploy/packages-test.txt)")
        sys.exit(77)
    names = [n for n in NAMES if n != "flooded"]
    broken = WORK / "broken.docx"
    with zipfile.ZipFile(WORK / "day.docx") as whole, zipfile.ZipFile(broken, "w") as cut:
        for entry in whole.namelist():
            data = whole.read(entry)
            cut.writestr(entry, data[:len(data) // 2] if entry == "word/document.xml" else data)
    for suffix in ("docx", "xlsx"):
        files = [str(WORK / f"{n}.{suffix}") for n in names] + ([str(broken)] if suffix == "docx" else [])
        (WORK / suffix).mkdir()
        subprocess.run([soffice, "--headless", f"-env:UserInstallation=file://{WORK}/office", "--convert-to", "pdf", "--outdir",
                        str(WORK / suffix), *files], capture_output=True, timeout=120)
        for name in names:
            pdf = WORK / suffix / f"{name}.pdf"
            expect(pdf.exists(), f"{name}.{suffix} was not read")
            text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True).stdout
            pages = text.count("\f")
            flat = re.sub(r"\s+", "", text)
            for said in ["—1—", "须经人工研判"] if suffix == "docx" else ["序号", "第1页"]:
                expect(said in flat, f"{name}.{suffix}: the pages lack {said}")
            if suffix == "docx":
                title = r"青溪区教育和体育局舆情" + ("专报" if name == "special" else r".报2026年第\d+期2026年4月")
                expect(re.match(title, flat), f"{name}.docx begins with {flat[:60]}")
                expect(pages < 2 or f"—{pages}—" in flat, f"{name}.docx: the last of {pages} pages has no number")
            print(f"{name}.{suffix}: {pages} pages")
    whole = (WORK / "docx" / "day.pdf").stat().st_size
    bad = WORK / "docx" / "broken.pdf"
    flat = re.sub(r"\s+", "", subprocess.run(["pdftotext", str(bad), "-"], capture_output=True, text=True).stdout) if bad.exists() else ""
    expect("须经人工研判" not in flat and whole > 0, "a file cut in half passes too: this test would see nothing")


if MODE == "office":
    office()
else:
    for report in NAMES:
        bytes_of = (WORK / f"{report}.html").read_text(encoding="utf-8")
        check_colours(report, bytes_of)
    if CHROMIUM:
        look_in_browser()
    else:
        print("look: no Chromium, widths and screenshots SKIPPED")
shutil.rmtree(WORK, ignore_errors=True)
