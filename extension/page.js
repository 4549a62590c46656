"use strict";

/*
 * Runs in the page, when the reader asks for it. It must hold all that it needs, for the browser
 * carries its text over. It returns what POST /capture takes: the page as it stands, and with
 * `withPictures` what the browser has loaded of its pictures, out of its cache where that has them.
 */
// eslint-disable-next-line no-unused-vars
async function collectPage(withPictures) {
  const STEPS = 40; // screens that are scrolled through, so that lazy parts come
  const PAUSE = 60; // milliseconds on each
  const PATIENCE = 3000; // for pictures that are still on their way
  const LONGEST = 20000; // for all of them to be read, for one may never come to its end
  const LARGEST = 16 * 1024 * 1024; // bytes that are taken at once, with all marks around
  const SPARE = 512 * 1024; // of them, for the names of pictures and what the page still adds
  const pause = (time) => new Promise((done) => setTimeout(done, time));

  async function showLazyParts() {
    if (document.hidden) {
      return; // nothing is painted there, and timers hardly run
    }
    const { scrollX, scrollY } = window;
    for (let step = 1; step <= STEPS; step += 1) {
      const target = step * window.innerHeight;
      window.scrollTo({ left: scrollX, top: target, behavior: "instant" });
      await pause(PAUSE);
      if (target >= document.documentElement.scrollHeight) {
        break;
      }
    }
    window.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
  }

  /* Whether the page came to its end: something always follows an article's body. */
  function isWhole() {
    const body = document.querySelector("#js_content");
    const all = document.querySelectorAll("body *");
    const last = all[all.length - 1];
    const endsInside = Boolean(body && last && body.contains(last));
    return document.readyState !== "loading" && !endsInside;
  }

  function statusOfAnswer() {
    const [answer] = performance.getEntriesByType("navigation");
    return answer && answer.responseStatus ? answer.responseStatus : null;
  }

  function asText(blob) {
    return new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(String(reader.result).split(",")[1] || "");
      reader.onerror = () => done("");
      reader.readAsDataURL(blob);
    });
  }

  async function contentOf(address, signal) {
    try {
      const answer = await fetch(address, { cache: "force-cache", credentials: "omit", signal });
      return answer.ok ? await answer.blob() : null;
    } catch {
      return null; // its host lets no page read it, or time is up; the archive asks by itself
    }
  }

  /* How many bytes of pictures there is room for: a page has some MB, and base64 adds a third. */
  function roomBesidePage() {
    const page = JSON.stringify(document.documentElement.outerHTML);
    const size = new TextEncoder().encode(page).length;
    return Math.max(0, ((LARGEST - SPARE - size) * 3) / 4);
  }

  async function loadedPictures() {
    const shown = [...document.images].filter((image) => image.dataset.src || image.src);
    const until = Date.now() + PATIENCE;
    while (Date.now() < until && shown.some((image) => !image.complete)) {
      await pause(PAUSE);
    }
    const pictures = {};
    const signal = AbortSignal.timeout(LONGEST);
    let left = roomBesidePage();
    for (const image of shown) {
      const link = image.dataset.src || image.getAttribute("src");
      const isLoaded = image.complete && image.naturalWidth; // a width is known long before
      if (link in pictures || !isLoaded || !/^https?:/.test(image.currentSrc)) {
        continue; // to be fetched by whoever wants it
      }
      const content = await contentOf(image.currentSrc, signal);
      if (content && content.size <= left) {
        left -= content.size;
        pictures[link] = await asText(content);
      }
    }
    return pictures;
  }

  await showLazyParts();
  const pictures = withPictures ? await loadedPictures() : {};
  const doctype = document.doctype ? "<!DOCTYPE html>\n" : "";
  return {
    url: location.href,
    html: doctype + document.documentElement.outerHTML,
    whole: isWhole(),
    status: statusOfAnswer(),
    pictures,
  };
}
