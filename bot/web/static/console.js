// What pages gain from a script: keys, countdowns, news of fresh cases. Everything else works without it.
"use strict";
(() => {
  const body = document.body, main = document.getElementById("main"), said = document.getElementById("said");
  document.documentElement.classList.add("scripted");
  const keys = JSON.parse(body.dataset.keys || "{}");
  const bound = Object.fromEntries(Object.entries(keys).map(([action, key]) => [key, action]));

  const say = (words, link) => {
    const line = document.createElement(link ? "a" : "span");
    line.textContent = words;
    if (link) line.href = link;
    said.replaceChildren(line);
  };

  // -- keys: single ones only outside of fields, and only if the moderator wants them (WCAG 2.1.4)
  const typing = (node) => node.closest("textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]");
  const find = (action) => [...document.querySelectorAll(`[data-key="${action}"]`)].find((node) => !node.disabled && node.offsetParent !== null);
  const move = (step) => {
    const links = [...document.querySelectorAll("[data-row] .open")];
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step))];
    if (next) { next.focus(); next.closest("[data-row]").scrollIntoView({ block: "nearest" }); }
  };
  const act = (action) => {
    if (action === "next") return move(1);
    if (action === "previous") return move(-1);
    if (action === "open") return;
    if (action === "help") return document.getElementById("help").showModal();
    const node = find(action);
    if (!node) return;
    if (node.matches("input, textarea")) { node.focus(); node.scrollIntoView({ block: "nearest" }); } else node.click();
  };
  let leader = -Infinity;
  document.addEventListener("keydown", (event) => {
    const form = document.getElementById("decision");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form && keys.next) {
      const button = find("resolve");
      if (button) { event.preventDefault(); form.requestSubmit(button); }
      return;
    }
    if (!keys.next || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (typing(event.target)) { if (event.key === "Escape") event.target.blur(); return; }
    if (performance.now() - leader < 1200) {
      leader = -Infinity;
      const path = { q: "/queue", d: "/decisions", s: "/stats" }[event.key];
      if (path) { event.preventDefault(); location.assign(path); }
      return;
    }
    if (event.key === "g") { leader = performance.now(); return; }
    if (form && /^[1-5]$/.test(event.key)) {
      const radio = form.querySelector(`[data-number="${event.key}"]`);
      if (radio && !radio.matches(":disabled")) { radio.checked = true; radio.focus(); radio.dispatchEvent(new Event("change", { bubbles: true })); }
      return;
    }
    const action = bound[event.key];
    if (action && action !== "open") { event.preventDefault(); act(action); }
  });
  document.addEventListener("click", (event) => { if (event.target.closest('[data-key="help"]')) act("help"); });
  for (const node of document.querySelectorAll("[data-key]")) if (keys[node.dataset.key]) node.setAttribute("aria-keyshortcuts", keys[node.dataset.key]);
  document.querySelector("[data-focus]")?.focus();

  // -- the lease: counted down, renewed while somebody types
  let until = 0, warned = 0;
  const take = () => {
    const lease = document.getElementById("lease");
    if (lease) { until = performance.now() + Number(lease.dataset.left) * 1000; warned = 0; }
  };
  const tick = () => {
    const lease = document.getElementById("lease");
    if (!lease) return;
    const left = Math.max(0, Math.round((until - performance.now()) / 1000));
    lease.querySelector("[data-countdown]").textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} min` : "no longer";
    lease.classList.toggle("ending", left < 120);
    for (const mark of [120, 30]) if (left <= mark && left > 0 && warned !== mark && (!warned || mark < warned)) {
      warned = mark;
      say(`Your claim ends in ${mark === 120 ? "2 minutes" : "30 seconds"}. Extend it to keep the case.`);
    }
    if (!left && warned !== -1) { warned = -1; say("Your claim has run out. Claim the case again to decide."); }
  };
  take(); tick(); setInterval(tick, 1000);
  let typed = -Infinity;
  document.getElementById("decision")?.addEventListener("input", () => {
    if (document.getElementById("lease") && performance.now() - typed > 60000) { typed = performance.now(); document.getElementById("decision").dispatchEvent(new Event("spotter:typing")); }
  });
  body.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "lease") { take(); tick(); } touched(); });
  body.addEventListener("htmx:responseError", (event) => say(event.detail.xhr.status === 409 ? "The case changed in between. Reload the page to see how it stands." : "That did not work. Reload the page and try again."));

  // -- the session: a warning two minutes before it ends
  let ends = 0, told = false;
  const ending = document.getElementById("ending");
  const touched = () => { ends = performance.now() + Number(body.dataset.ends) * 1000; told = false; if (ending) ending.hidden = true; };
  touched();
  setInterval(() => { if (ending && !told && ends - performance.now() < 120000) { told = true; ending.hidden = false; } }, 5000);
  document.getElementById("stay")?.addEventListener("click", async () => {
    const form = new URLSearchParams({ csrf: body.dataset.csrf });
    const answer = await fetch("/stay", { method: "POST", body: form, headers: { "HX-Request": "true" } });
    if (answer.ok) { touched(); say("You stay signed in."); } else location.reload();
  });

  // -- undo buttons go when their time is up
  for (const button of document.querySelectorAll("[data-expires]")) setTimeout(() => { button.disabled = true; }, Number(button.dataset.expires) * 1000);

  // -- news: told politely, the list stays where it is
  if (main?.dataset.live && "EventSource" in window) {
    const stream = new EventSource(main.dataset.live), title = document.title;
    stream.addEventListener("cases", (event) => {
      const { number, gravest } = JSON.parse(event.data);
      say(`${number} new case${number === 1 ? "" : "s"} (${gravest.toLowerCase()}), show`, location.pathname + location.search);
      document.title = `(${number}) ${title}`;
    });
    addEventListener("pagehide", () => stream.close());
  }
})();
