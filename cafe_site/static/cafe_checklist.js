/* The checklist of one meeting: a chooser, dates, messages to copy, and boxes that stay checked.

   Everything is stored in the reader's browser: the chosen meeting for the session, the checked
   boxes for each meeting. Without storage, everything works until the page is left. */

(() => {
  "use strict";

  const { element, fill } = cafePage;
  const PREFIX = "cafe-checklist ";
  const KEPT_DAYS = 400;
  const DAY = 86_400_000;

  // The messages, in the language of the page.
  const words = JSON.parse(document.currentScript.dataset.words);

  const place = document.querySelector(".cafe-checklist");
  const source = document.querySelector(".cafe-checklist-data");
  if (!place || !source) return;
  const data = JSON.parse(source.textContent);
  if (!data.meetings.length) return;

  // Several sites on one host share the storage, so the path of the page is part of the keys.
  const page = location.pathname;

  /* Storage that may be missing or full; then nothing is stored. */
  function storage(name) {
    const attempt = (action) => {
      try {
        return action(window[name]);
      } catch {
        return null;
      }
    };
    return {
      get: (key) => attempt((kept) => kept.getItem(key)),
      set: (key, value) => attempt((kept) => kept.setItem(key, value)),
      remove: (key) => attempt((kept) => kept.removeItem(key)),
      keys: () => attempt((kept) => Object.keys(kept)) ?? [],
    };
  }
  const ticks = storage("localStorage");
  const session = storage("sessionStorage");

  function button(text, action) {
    const made = element("button", { className: "cafe-press", type: "button" }, text);
    made.addEventListener("click", action);
    return made;
  }

  // --- boxes ------------------------------------------------------------------------------

  /* Wrap the line of a box in its label, so that it names the box and can be clicked. */
  function label(box) {
    const made = element("label", { className: "cafe-item" });
    const line = box.parentElement;
    for (let node = box.nextSibling; node; node = box.nextSibling) {
      if (node instanceof Element && node.matches("ul, ol, p, div, pre")) break;
      made.append(node);
    }
    const first = made.firstChild;
    if (first instanceof Text) first.data = first.data.trimStart();
    box.removeAttribute("aria-label");
    line.insertBefore(made, box);
    made.prepend(box);
    return made.textContent.replace(/\s+/g, " ").trim();
  }

  const seen = new Map();
  const boxes = [...document.querySelectorAll('li.cafe-task input[type="checkbox"]')].map((box) => {
    const text = label(box);
    // Two items may have the same text; a number distinguishes them.
    const number = (seen.get(text) ?? 0) + 1;
    seen.set(text, number);
    box.disabled = false;
    // Browsers restore the state of forms when a page is reloaded.
    box.autocomplete = "off";
    return { box, id: number > 1 ? `${text} (${number})` : text, usual: box.defaultChecked };
  });

  function key(meeting) {
    return `${PREFIX}${page} ${meeting.id}`;
  }

  function load(meeting) {
    let kept = null;
    try {
      kept = JSON.parse(ticks.get(key(meeting)));
    } catch {
      // Something else wrote to this key.
    }
    const ticked = Array.isArray(kept) ? new Set(kept) : null;
    for (const { box, id, usual } of boxes) box.checked = ticked ? ticked.has(id) : usual;
  }

  function save(meeting) {
    const ticked = boxes.filter(({ box }) => box.checked).map(({ id }) => id);
    ticks.set(key(meeting), JSON.stringify(ticked));
  }

  /* Forget the boxes of meetings long past. */
  function clean() {
    for (const name of ticks.keys()) {
      const date = name.startsWith(PREFIX) && /(\d{4}-\d{2}-\d{2})$/.exec(name);
      if (date && Date.now() - Date.parse(date[1]) > KEPT_DAYS * DAY) ticks.remove(name);
    }
  }

  // --- the chooser --------------------------------------------------------------------------

  const chooser = element("select", { className: "cafe-chooser" });
  const name = element("label", { className: "cafe-choose" }, data.label, " ", chooser);
  const facts = element("p", { className: "cafe-chosen" });
  const remarks = element("div");
  const progress = element("span", { className: "cafe-progress" });
  const reset = button(words.reset, () => {
    if (!confirm(fill(words.clear, { meeting: chosen().label }))) return;
    ticks.remove(key(chosen()));
    load(chosen());
    report();
  });
  const controls = element("div", { className: "cafe-controls" }, name, progress, reset);
  place.append(controls, facts, remarks);

  const remembered = session.get(PREFIX + page);
  const next = data.meetings.find((meeting) => Date.parse(meeting.end) > Date.now());
  for (const meeting of data.meetings) {
    const over = Date.parse(meeting.end) <= Date.now();
    const text = over ? fill(words.over, { meeting: meeting.label }) : meeting.label;
    chooser.append(element("option", { value: meeting.id }, text));
  }

  function chosen() {
    return data.meetings[Math.max(chooser.selectedIndex, 0)];
  }

  function report() {
    const done = boxes.filter(({ box }) => box.checked).length;
    const count = boxes.length;
    progress.textContent = count ? fill(words.progress, { done, count }) : "";
    reset.disabled = !done;
  }

  // --- dates and messages -------------------------------------------------------------------

  const dues = [...document.querySelectorAll(".cafe-due")];
  const messages = [...document.querySelectorAll(".cafe-message")].map((box) => {
    const content = element("pre", { className: "cafe-paste" });
    const said = element("p", { className: "cafe-said", role: "status" });
    const summary = element("summary");
    const copy = button(words.copy, async () => {
      said.textContent = "";
      said.textContent = (await copied(content)) ? words.copied : words.pressToCopy;
    });
    box.append(element("details", {}, summary, content), copy, said);
    return { box, content, said, summary, copy };
  });

  /* Copy a text; if that is not allowed, select it and return false. */
  async function copied(content) {
    try {
      await navigator.clipboard.writeText(content.textContent);
      return true;
    } catch {
      // Some browsers have no clipboard for pages opened as files.
    }
    content.closest("details").open = true;
    const range = document.createRange();
    range.selectNodeContents(content);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  }

  function show() {
    const meeting = chosen();
    facts.textContent = fill(words.facts, meeting);
    remarks.replaceChildren(
      ...meeting.remarks.map((text) => element("p", { className: "cafe-remark" }, text)),
    );
    for (const due of dues) {
      due.textContent = meeting.due[due.dataset.days] ?? "";
      due.hidden = !due.textContent;
    }
    for (const { box, content, said, summary, copy } of messages) {
      const following = "following" in box.dataset;
      const from = following ? meeting.followingMessages : meeting.messages;
      // A final newline belongs in files, but not in form fields.
      content.textContent = (from[box.dataset.name] ?? "").trimEnd();
      const { title } = box.dataset;
      summary.textContent = following
        ? fill(words.messageFor, { title, meeting: meeting.following })
        : title;
      copy.setAttribute("aria-label", fill(words.copyMessage, { title: summary.textContent }));
      said.textContent = "";
      box.hidden = !content.textContent;
    }
    load(meeting);
    report();
  }

  chooser.addEventListener("change", () => {
    session.set(PREFIX + page, chosen().id);
    show();
  });
  for (const { box } of boxes) {
    box.addEventListener("change", () => {
      save(chosen());
      report();
    });
  }
  // The same page may be open in a second window.
  addEventListener("storage", (event) => {
    if (event.key === key(chosen())) {
      load(chosen());
      report();
    }
  });

  clean();
  const start = data.meetings.find((meeting) => meeting.id === remembered);
  chooser.value = (start ?? next ?? data.meetings.at(-1)).id;
  place.hidden = false;
  show();
})();
