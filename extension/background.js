"use strict";

/* Chromium gives a worker one file, Firefox loads both by the manifest. */
if (typeof importScripts === "function") {
  importScripts("page.js");
}

const WECHAT = "https://mp.weixin.qq.com/*";
const OF_WECHAT = /^https?:\/\/mp\.weixin\.qq\.com\//;
const MOST = 16 * 1024 * 1024; // bytes that the archive takes at once
const DEFAULTS = { port: 8001, token: "", withPictures: false };
const TRIES = 20; // while another page is being taken in
const PATIENCE = 60000; // milliseconds for a page; one in which a dialog is open answers nothing
const MARKS = {
  kept: { text: "✓", color: "#1a7f37" },
  refused: { text: "!", color: "#b35900" },
  failed: { text: "×", color: "#b3261e" },
  working: { text: "…", color: "#5f6368" },
};
const pause = (time) => new Promise((done) => setTimeout(done, time));

/* What became of one page: `how` is a key of MARKS, `line` says it to people. */
function failed(line) {
  return { how: "failed", line };
}

function refused(line) {
  return { how: "refused", line };
}

async function send(body, settings) {
  let answer;
  try {
    answer = await fetch(`http://127.0.0.1:${settings.port}/capture`, {
      method: "POST",
      headers: { Authorization: `Bearer ${settings.token}`, "Content-Type": "application/json" },
      body,
      credentials: "omit",
      redirect: "error",
    });
  } catch {
    return failed(`Nothing answers at port ${settings.port}: start crawler serve --capture`);
  }
  try {
    const said = await answer.json();
    const isBusy = answer.status === 503 && said.line.startsWith("another page");
    return { how: said.stored ? "kept" : "refused", line: said.line, isBusy };
  } catch {
    return failed(`What answers at port ${settings.port} is no crawler serve --capture`);
  }
}

async function collect(tab, settings) {
  const collected = chrome.scripting.executeScript({
    target: { tabId: tab.id },
    func: collectPage,
    args: [settings.withPictures],
    injectImmediately: true, // a page that never ends loading is answered, too
  });
  const [found] = await Promise.race([collected, pause(PATIENCE).then(() => [])]);
  return found && found.result;
}

async function captured(tab, settings) {
  if (!settings.token) {
    return failed("Set the token first: crawler capture shows it");
  }
  if (tab.url && !OF_WECHAT.test(tab.url)) {
    return refused("not kept: this is no page of mp.weixin.qq.com"); // and so nobody else's business
  }
  if (tab.discarded) {
    return failed("This tab sleeps: look at it, then try again"); // a click wakes it
  }
  let page;
  try {
    page = await collect(tab, settings);
  } catch {
    return failed("The browser lets nobody look into this page");
  }
  if (!page) {
    return failed("This page could not be read, or does not answer: look at it, then try again");
  }
  const body = new Blob([JSON.stringify(page)]);
  if (body.size > MOST) {
    return refused("not kept: a page with its pictures has at most 16 MB");
  }
  let outcome = await send(body, settings);
  for (let turn = 0; outcome.isBusy && turn < TRIES; turn += 1) {
    await pause(500);
    outcome = await send(body, settings);
  }
  return outcome;
}

async function mark(tab, how, line) {
  const { text, color } = MARKS[how];
  await Promise.all([
    chrome.action.setBadgeBackgroundColor({ tabId: tab.id, color }),
    chrome.action.setBadgeText({ tabId: tab.id, text }),
    chrome.action.setTitle({ tabId: tab.id, title: line }),
  ]).catch(() => {}); // the tab was closed meanwhile
}

async function capture(tab) {
  const settings = await chrome.storage.local.get(DEFAULTS);
  await mark(tab, "working", "on its way");
  const { how, line } = await captured(tab, settings);
  await mark(tab, how, line);
  return { how, line };
}

async function captureActive() {
  const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
  return tab ? [await capture(tab)] : [failed("There is no tab to capture")];
}

/* One after another, as the archive takes them. */
async function captureAll(windowId) {
  const tabs = await chrome.tabs.query({ windowId, url: WECHAT });
  const outcomes = [];
  for (const tab of tabs) {
    outcomes.push(await capture(tab));
  }
  return outcomes.length ? outcomes : [failed("No tab of this window shows a page of WeChat's")];
}

chrome.runtime.onMessage.addListener((message, sender, answer) => {
  if (sender.id !== chrome.runtime.id) {
    return false;
  }
  const work = message.all ? captureAll(message.windowId) : captureActive();
  work.catch((error) => [failed(String(error.message || error))]).then(answer);
  return true; // the answer comes later
});
