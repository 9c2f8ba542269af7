"""The page as a browser gets it: bytes, requests, paint, and how long one waits for the first evidence.

What Lighthouse measures of a page's loading, measured by Chromium itself: cold, then with the CPU slowed four times and a
network of 1.6 Mbit/s and 150 ms, which is Lighthouse's phone. `make bench-page`.
"""

import argparse
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from eval.benches.serve import MODEL, byline, served
from index.errors import MissingError

PAINTS = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return { paint: paint.startTime, loaded: page.domContentLoadedEventEnd, shift: window.shift, largest: window.largest };
}"""
WATCH = """() => {
  window.shift = 0; window.largest = 0;
  new PerformanceObserver((seen) => seen.getEntries().forEach((each) => { if (!each.hadRecentInput) window.shift += each.value; }))
    .observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((seen) => seen.getEntries().forEach((each) => { window.largest = each.startTime; }))
    .observe({ type: "largest-contentful-paint", buffered: true });
}"""
PHONE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5, help="how often each way is opened; the median is shown")
    times = parser.parse_args().times
    print("| way | requests | kB | first paint ms | largest paint ms | loaded ms | layout shift | first evidence ms |")
    print("|---|---|---|---|---|---|---|---|")
    with TemporaryDirectory() as home:
        byline(home, "index", "articles")
        with served(Path(home), MODEL, 32) as (url, _), chromium() as browser:
            for way in ("plain", "slow phone"):
                seen = [opened(browser, url, way == "slow phone", n) for n in range(times)]
                middle = {name: statistics.median(each[name] for each in seen) for name in seen[0]}
                cells = [f"{middle[name]:.0f}" for name in ("requests", "kilobytes", "paint", "largest", "loaded")]
                cells += [f"{middle['shift']:.3f}", f"{middle['evidence']:.0f}"]
                print(f"| {way}, n = {times} | " + " | ".join(cells) + " |", flush=True)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Raises MissingError where it is not installed."""
    path = shutil.which("chromium")
    if path is None:
        raise MissingError("Chromium is not installed.", "Run: tests/tools/install-chromium.sh")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def opened(browser: Browser, url: str, slowed: bool, number: int) -> dict[str, Any]:
    """One cold visit and one question."""
    context = browser.new_context(viewport={"width": 390, "height": 844} if slowed else {"width": 1440, "height": 900})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    if slowed:
        wire.send("Network.emulateNetworkConditions", PHONE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(f"({WATCH})()")
    page.goto(url, wait_until="networkidle")
    told: dict[str, Any] = {**page.evaluate(PAINTS), "requests": len(sizes), "kilobytes": sum(sizes) / 1000}
    page.locator("#question").fill(f"Who founded Scale AI? {number}")
    began = page.evaluate("() => performance.now()")
    page.keyboard.press("Enter")
    page.wait_for_selector(".passage", timeout=120_000)
    told["evidence"] = page.evaluate("() => performance.now()") - began
    context.close()
    return told


if __name__ == "__main__":
    main()
