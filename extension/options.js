"use strict";

const token = document.querySelector("#token");
const port = document.querySelector("#port");
const saved = document.querySelector("#saved");

chrome.storage.local.get({ port: 8001, token: "" }).then((settings) => {
  token.value = settings.token;
  port.value = settings.port;
});

document.querySelector("#save").addEventListener("click", async () => {
  if (!/^[\w-]{43}$/.test(token.value.trim()) || !port.checkValidity() || !port.value) {
    saved.textContent = "A token has 43 characters, a port is a number up to 65535.";
    return;
  }
  await chrome.storage.local.set({ token: token.value.trim(), port: Number(port.value) });
  saved.textContent = "Saved.";
});
