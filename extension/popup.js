"use strict";

/* One press of the button keeps the page: opening this is that press. */

const WECHAT = { origins: ["https://mp.weixin.qq.com/*"] };
const list = document.querySelector("#outcomes");
const pictures = document.querySelector("#pictures");
const buttons = document.querySelectorAll("button");

function show(outcomes) {
  list.replaceChildren(
    ...outcomes.map(({ how, line }) => {
      const item = document.createElement("li");
      item.className = how;
      item.textContent = line;
      return item;
    }),
  );
}

async function run(message) {
  buttons.forEach((button) => (button.disabled = true));
  show([{ how: "working", line: "…" }]);
  show(await chrome.runtime.sendMessage(message));
  buttons.forEach((button) => (button.disabled = false));
}

/* The active tab is given by the press itself. For the others the browser asks the reader first. */
async function runAll() {
  if (await chrome.permissions.request(WECHAT)) {
    const { id } = await chrome.windows.getCurrent();
    await run({ all: true, windowId: id });
  } else {
    show([{ how: "refused", line: "Other tabs need your leave to look at pages of WeChat's" }]);
  }
}

document.querySelector("#again").addEventListener("click", () => run({}));
document.querySelector("#all").addEventListener("click", runAll);
pictures.addEventListener("change", () =>
  chrome.storage.local.set({ withPictures: pictures.checked }),
);
chrome.storage.local.get({ withPictures: false }).then((settings) => {
  pictures.checked = settings.withPictures;
});
run({});
