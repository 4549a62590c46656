"use strict";

/* The token comes behind `#`, which the browser keeps to itself; the address bar forgets it. */
const token = location.hash.slice(1);
if (/^[\w-]{43}$/.test(token)) {
  const link = document.querySelector("#bookmarklet");
  link.href = link.dataset.address.replace("TOKEN", token);
  document.querySelector("#token").textContent = token;
  document.querySelector("#with-token").hidden = false;
  document.querySelector("#without-token").hidden = true;
  history.replaceState(null, "", location.pathname);
}
