// Sends the page at hand. It runs where the page's policy lets a bookmark speak to this machine.
(async () => {
  const address = "ADDRESS";
  const body = document.querySelector("#js_content");
  const all = document.querySelectorAll("body *");
  const last = all[all.length - 1];
  const [seen] = performance.getEntriesByType("navigation");
  let isForbidden = false;
  const hear = (event) => {
    isForbidden = isForbidden || String(event.blockedURI).startsWith("http://127.0.0.1");
  };
  document.addEventListener("securitypolicyviolation", hear);
  const sent = new Blob([
    JSON.stringify({
      url: location.href,
      html: (document.doctype ? "<!DOCTYPE html>\n" : "") + document.documentElement.outerHTML,
      whole: document.readyState !== "loading" && !(body && last && body.contains(last)),
      status: (seen && seen.responseStatus) || null,
    }),
  ]);
  if (sent.size > 16 * 1024 * 1024) {
    alert("not kept: a page has at most 16 MB");
    return;
  }
  let line;
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { Authorization: "Bearer TOKEN", "Content-Type": "application/json" },
      credentials: "omit",
      body: sent,
    });
    line = (await answer.json()).line;
  } catch {
    await new Promise((done) => setTimeout(done, 50));
    line = isForbidden
      ? "This page's policy lets no bookmark speak to your machine. Use the extension."
      : "Nothing was kept: crawler serve --capture is not running, or has another token or port.";
  }
  document.removeEventListener("securitypolicyviolation", hear);
  alert(line);
})();
