/* The search: results below the field of the theme's search dialog, and on the search page.

   Pagefind and its index are loaded when the dialog's field is focused and on the search page. If
   that fails (a page opened as a file, no index), the search page runs Sphinx's own search, whose
   scripts are not loaded otherwise. */

(() => {
  "use strict";

  const { element, fill, language } = cafePage;
  const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
  // The messages, in the language of the page.
  const words = JSON.parse(document.currentScript.dataset.words);
  const FILTERS = words.filters;
  const GITHUB_ADDRESS =
    /https?:\/\/github\.com\/([\w.-]+\/[\w.-]+)\/(?:issues|pull|discussions)\/(\d+)\S*/g;
  const SHORT_REFERENCE = /(^|\s)([\w.-]+)(#\d+)(?!\S)/;
  const DELAY = 150; // milliseconds after the last keystroke before a search starts
  const IN_DIALOG = 8;
  const ON_PAGE = 10;
  const PLACES = 3; // at most, per result

  let pagefind;

  /* Load Pagefind once; the promise is rejected if it cannot run. */
  function load() {
    pagefind ??= (async () => {
      if (location.protocol === "file:") throw new Error("Pagefind needs a web server");
      const found = await import(new URL("pagefind/pagefind.js", root).href);
      await found.options({ excerptLength: 24 });
      await found.init();
      return found;
    })();
    return pagefind;
  }

  /* Rewrite issue URLs, and name#1, to owner/name#1, which is the form in the index. */
  async function withFullNames(query, loaded) {
    const plain = query.replace(GITHUB_ADDRESS, "$1#$2");
    if (!SHORT_REFERENCE.test(plain)) return plain;
    const repositories = Object.keys((await loaded.filters()).repository ?? {});
    return plain.replace(SHORT_REFERENCE, (all, before, name, number) => {
      const end = `/${name}`.toLowerCase();
      const full = repositories.find((repository) => repository.toLowerCase().endsWith(end));
      return full ? `${before}${full}${number}` : all;
    });
  }

  /* Search for all words of a query. Exact phrases come first, and #13 before #136, which the
     index also finds for it; for a date, the meetings come before other pages. */
  async function find(typed, options = {}) {
    const loaded = await load();
    const query = await withFullNames(typed, loaded);
    let answer = await loaded.search(query || null, options);
    if (query && !answer.results.length) {
      // The index splits owner/long-name#1 into the whole and its smallest parts.
      answer = await loaded.search(query.replace(/[^\p{L}\p{N}\s]+/gu, " "), options);
    }
    if (!/\s|\d/.test(query) || query.includes('"') || options.sort) return answer;
    const phrase = `"${query}"`;
    const exact = (await loaded.search(phrase, options)).results;
    const day = /^(\d{4})-\d\d-\d\d$/.exec(query.trim());
    if (day) {
      // Only meetings have a year: those of the day come before pages that mention it.
      const filters = { year: day[1], ...options.filters };
      exact.unshift(...(await loaded.search(phrase, { ...options, filters })).results);
    }
    const sorted = new Map([...exact, ...answer.results].map((result) => [result.id, result]));
    return { results: [...sorted.values()], filters: answer.filters };
  }

  /* The only markup in an excerpt is <mark>; nothing else becomes an element. */
  function excerpt(html) {
    const paragraph = element("p", { className: "cafe-excerpt" });
    const parsed = new DOMParser().parseFromString(html, "text/html").body;
    for (const node of parsed.childNodes) {
      const text = node.textContent;
      paragraph.append(node.nodeName === "MARK" ? element("mark", { textContent: text }) : text);
    }
    return paragraph;
  }

  function shorten(text) {
    return text.length <= 100 ? text : `${text.slice(0, 100).replace(/\s+\S*$/, "")}…`;
  }

  /* A meeting or page, and the places in it where the words occur. */
  async function item(result, places) {
    const data = await result.data();
    const address = new URL(data.meta.url, root);
    const title = element("a", { href: address.href, textContent: data.meta.title });
    const made = element("li", {}, element("p", { className: "cafe-found" }, title));
    if (data.meta.series && data.meta.series !== words.otherPages) {
      made.firstChild.append(" ", element("span", { className: "cafe-tag", textContent: data.meta.series }));
    }
    const weight = (place) => place.weighted_locations.reduce((sum, at) => sum + at.weight, 0);
    const best = [...data.sub_results].sort((a, b) => weight(b) - weight(a)).slice(0, places);
    for (const place of data.sub_results.filter((each) => best.includes(each))) {
      if (place.anchor) {
        const link = element("a", { textContent: shorten(place.title) });
        address.hash = place.anchor.id;
        link.href = address.href;
        made.append(element("p", { className: "cafe-place" }, link));
      }
      made.append(excerpt(place.excerpt));
    }
    if (!best.length && data.excerpt) made.append(excerpt(data.excerpt));
    return made;
  }

  /* Return a message with a number, in its plural form for the language. */
  function count(forms, number, more = {}) {
    const form = new Intl.PluralRules(language).select(number);
    return fill(forms[form] ?? forms.other, { count: number, ...more });
  }

  /* Debounce a function: call it once its callers have paused. */
  function debounced(call) {
    let timer;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(call, DELAY);
    };
  }

  /* --- below the field of the dialog ----------------------------------------------------- */

  function setUpDialog(dialog) {
    const form = dialog.querySelector("form");
    const input = form?.querySelector("input[name=q]");
    if (!input) return;
    const status = element("p", { className: "cafe-status", role: "status" });
    const list = element("ul", { className: "cafe-results" });
    const all = element("a", { textContent: words.all });
    const more = element("p", { className: "cafe-all", hidden: true }, all);
    const box = element("div", { className: "cafe-search", hidden: true }, status, list, more);
    form.after(box);
    let run = 0;

    async function search() {
      const mine = ++run;
      const query = input.value.trim();
      if (!query) {
        box.hidden = true;
        list.replaceChildren();
        return;
      }
      let found, items;
      try {
        found = await find(query);
        items = await Promise.all(found.results.slice(0, IN_DIALOG).map((each) => item(each, 1)));
      } catch {
        return; // the Enter key still opens the search page
      }
      if (mine !== run) return;
      const focused = list.contains(document.activeElement) && document.activeElement.href;
      list.replaceChildren(...items);
      if (focused) {
        // The answer to the last letters may come after the reader has gone on to the results.
        const links = [...list.querySelectorAll("a")];
        (links.find((link) => link.href === focused) ?? links[0] ?? input).focus();
      }
      const total = found.results.length;
      const forms = items.length < total ? words.best : words.results;
      status.textContent = count(forms, total, { shown: items.length });
      all.href = `${form.action}?${new URLSearchParams({ q: query })}`;
      more.hidden = !items.length;
      box.hidden = false;
    }

    input.addEventListener("focus", () => load().catch(() => {}), { once: true });
    input.addEventListener("input", debounced(search));
    // The arrow keys move through the results, as in lists of suggestions.
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const stops = [input, ...box.querySelectorAll("a[href]")];
      const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      if (box.hidden || !stops[next]) return;
      event.preventDefault();
      stops[next].focus();
    });
    // A link within this page does not load a new one, so the dialog would stay open.
    box.addEventListener("click", (event) => {
      if (event.target.closest("a")) dialog.close();
    });
  }

  /* --- on the search page ---------------------------------------------------------------- */

  const SPHINXS = ["_static/searchtools.js", "_static/language_data.js", "searchindex.js"];
  // With pydata-sphinx-theme's search-as-you-type, Sphinx's search is already loaded.
  const isWaiting = typeof Search === "undefined";
  let index;
  if (isWaiting) {
    // A theme's page may call Sphinx's search before it is loaded.
    window.Search = {
      loadIndex(address) {
        index = address;
      },
    };
  }

  /* Let the browser load the scripts of Sphinx's own search. */
  function useSphinx() {
    if (!isWaiting) return;
    const scripts = SPHINXS.map((name) => element("script", { src: new URL(name, root), async: false }));
    // From then on, the name Search refers to Sphinx's own.
    scripts.at(-1).addEventListener("load", () => {
      if (index) Search.loadIndex(index);
    });
    document.body.append(...scripts);
  }

  function select(name, label, values, chosen) {
    const field = element("select", { name }, element("option", { value: "", textContent: words.any }));
    const names = Object.keys(values).sort((a, b) => a.localeCompare(b, language, { numeric: true }));
    if (name === "year") names.reverse();
    for (const value of names) {
      field.append(element("option", { value, textContent: `${value} (${values[value]})` }));
    }
    field.value = values[chosen] === undefined ? "" : chosen;
    return element("label", {}, `${label} `, field);
  }

  async function setUpPage(results) {
    const form = document.querySelector("main form, .bd-search-container form, .body form")
      ?? document.querySelector("form:has(input[name=q])");
    const input = form?.querySelector("input[name=q]");
    let found;
    try {
      found = await load();
      if (!input) throw new Error("no search field");
    } catch {
      useSphinx();
      return;
    }
    const asked = new URLSearchParams(location.search);
    const filters = element("div", { className: "cafe-filters", role: "group" });
    filters.setAttribute("aria-label", words.narrow);
    for (const [name, values] of Object.entries(await found.filters())) {
      if (FILTERS[name] && Object.keys(values).length > 1) {
        filters.append(select(name, FILTERS[name], values, asked.get(name)));
      }
    }
    const order = Object.keys(FILTERS);
    const place = (label) => order.indexOf(label.querySelector("select").name);
    filters.append(...[...filters.children].sort((a, b) => place(a) - place(b)));
    const newest = element("input", { type: "checkbox", name: "sort", value: "newest" });
    newest.checked = asked.get("sort") === "newest";
    filters.append(element("label", { className: "cafe-newest" }, newest, " ", words.newest));

    const status = element("p", { className: "cafe-status", role: "status" });
    const list = element("ol", { className: "cafe-results" });
    const more = element("button", { type: "button", className: "cafe-button", textContent: words.more, hidden: true });
    // In some themes the field is in a sidebar, which is hidden on phones.
    if (form.closest("main, [role=main], .body")) form.after(filters);
    else results.before(filters);
    results.classList.add("cafe-search");
    results.replaceChildren(status, list, more);
    input.value = asked.get("q") ?? "";
    let run = 0;
    let rest = [];

    async function show(mine) {
      const begun = rest.slice(0, ON_PAGE).map((each) => item(each, PLACES));
      // Skip what cannot be loaded, for example while navigating away.
      const items = (await Promise.allSettled(begun)).flatMap((each) => each.value ?? []);
      if (mine !== run) return undefined;
      rest = rest.slice(ON_PAGE);
      list.append(...items);
      more.hidden = !rest.length;
      return items[0];
    }

    async function search() {
      const mine = ++run;
      const query = input.value.trim();
      const chosen = {};
      const state = new URLSearchParams(query ? { q: query } : {});
      for (const field of filters.querySelectorAll("select")) {
        if (field.value) {
          chosen[field.name] = [field.value];
          state.set(field.name, field.value);
        }
      }
      if (newest.checked) state.set("sort", "newest");
      history.replaceState(null, "", `${location.pathname}${state.size ? `?${state}` : ""}`);
      if (!query && !Object.keys(chosen).length) {
        list.replaceChildren();
        status.textContent = "";
        more.hidden = true;
        return;
      }
      const options = { filters: chosen };
      if (newest.checked) options.sort = { date: "desc" };
      let answer;
      try {
        answer = await find(query, options);
      } catch {
        status.textContent = words.noAnswer;
        return;
      }
      if (mine !== run) return;
      rest = answer.results;
      list.replaceChildren();
      // How many results every other choice would give.
      for (const option of filters.querySelectorAll("select:not(:focus) option[value]")) {
        const left = answer.filters[option.parentElement.name]?.[option.value];
        if (option.value && left !== undefined) option.textContent = `${option.value} (${left})`;
      }
      const total = rest.length;
      await show(mine);
      if (mine !== run) return;
      status.textContent = total ? count(words.results, total) : words.none;
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      search();
    });
    input.addEventListener("input", debounced(search));
    filters.addEventListener("change", search);
    more.addEventListener("click", async () => {
      const first = await show(run);
      first?.querySelector("a").focus();
    });
    await search();
  }

  function setUp() {
    const dialog = document.getElementById("pst-search-dialog");
    if (dialog) setUpDialog(dialog);
    const results = document.querySelector("#search-results");
    if (results) setUpPage(results);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", setUp);
  else setUp();
})();
