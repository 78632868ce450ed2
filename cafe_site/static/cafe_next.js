/* The card above a list of dates: which meeting is next, when that is for the reader, how soon.

   The page has all dates of two years. Which one is next is decided here, by the reader's clock,
   because a page may have been built long ago. */

(() => {
  "use strict";

  const MINUTE = 60_000;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;

  // Browsers still call some time zones by names that are no longer used.
  const NEW_NAMES = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
  };

  /* Return the parts of a moment's date and time on the clocks of a time zone, by default the
     reader's; null if the browser does not know the time zone. */
  function clock(moment, timeZone) {
    let parts;
    try {
      const format = new Intl.DateTimeFormat("en-US", {
        timeZone,
        weekday: "long",
        year: "numeric",
        month: "long",
        day: "numeric",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      });
      parts = Object.fromEntries(
        format.formatToParts(moment).map((part) => [part.type, part.value]),
      );
    } catch {
      return null;
    }
    return {
      date: `${parts.weekday}, ${parts.month} ${parts.day}, ${parts.year}`,
      day: `${parts.weekday}, ${parts.month} ${parts.day}`,
      time: `${parts.hour}:${parts.minute}`,
    };
  }

  /* Return the name of the reader's time zone; undefined if the browser has none for it, or one
     that it does not know itself, such as Etc/Unknown. */
  function findOwnZone() {
    try {
      const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
      return timeZone && clock(new Date(0), timeZone) ? timeZone : undefined;
    } catch {
      return undefined;
    }
  }
  const ownZone = findOwnZone();
  const ownName = (NEW_NAMES[ownZone] || ownZone || "").replaceAll("_", " ");

  /* Say when a meeting is on the reader's clocks: "" if it is the same there, null if that is not
     known. */
  function ownTime(start, zone) {
    const there = clock(start, zone);
    const here = clock(start, ownZone);
    if (!here) return null;
    if (there && there.date === here.date && there.time === here.time) return "";
    const day = there && there.date === here.date ? "" : `${here.day}, `;
    return `${day}${here.time} your time`;
  }

  /* Return the number of a day on the reader's calendar, for counting days. */
  function dayNumber(moment) {
    return Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / DAY;
  }

  function count(number, unit) {
    return `${number} ${unit}${number === 1 ? "" : "s"}`;
  }

  /* Say how soon a moment is: in minutes, in hours, or in days of the reader's calendar. */
  function howSoon(now, then) {
    const left = then - now;
    if (left <= MINUTE) return "in a minute";
    // Rounded up, so that nobody is told "in 59 minutes" an hour before.
    const minutes = Math.ceil(left / MINUTE);
    if (minutes < 60) return `in ${count(minutes, "minute")}`;
    if (minutes < 3 * 60) {
      const rest = minutes % 60;
      const hours = count(Math.floor(minutes / 60), "hour");
      return rest ? `in ${hours} and ${count(rest, "minute")}` : `in ${hours}`;
    }
    if (left < DAY) return `in ${count(Math.round(left / HOUR), "hour")}`;
    const days = dayNumber(then) - dayNumber(now);
    return days === 1 ? "tomorrow" : `in ${count(days, "day")}`;
  }

  /* Say how long ago a moment was, for a meeting that has begun. */
  function howLongAgo(now, then) {
    const minutes = Math.floor((now - then) / MINUTE);
    if (minutes < 1) return "it has just begun";
    if (minutes < 60) return `it began ${count(minutes, "minute")} ago`;
    const rest = minutes % 60;
    const hours = count(Math.floor(minutes / 60), "hour");
    return `it began ${rest ? `${hours} and ${count(rest, "minute")}` : hours} ago`;
  }

  function element(name, className, ...content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  /* Read the facts of a meeting from its item in the list. */
  function read(item) {
    const start = new Date(item.querySelector("time").dateTime);
    return {
      item,
      start,
      end: new Date(item.dataset.end),
      title: item.dataset.title,
      canceled: "canceled" in item.dataset,
      date: item.querySelector("time").textContent,
      place: item.querySelector(".cafe-there").textContent,
      add: item.querySelector(".cafe-add"),
      remarks: [...item.querySelectorAll(".cafe-remark")].map((one) => one.textContent),
      own: ownTime(start, item.dataset.zone),
    };
  }

  /* Add the reader's own time to an item of the list. */
  function addOwnTime(meeting) {
    if (!meeting.own) return;
    const own = element("span", "cafe-own", meeting.own);
    if (ownName) own.title = ownName;
    meeting.item.querySelector(".cafe-time").append(" ", own);
  }

  class Next {
    constructor(root) {
      this.root = root;
      this.count = Number(root.dataset.count);
      this.list = root.querySelector(".cafe-dates");
      this.meetings = [...this.list.children].map(read);
      this.meetings.forEach(addOwnTime);
      this.card = element("div", "cafe-card");
      this.status = element("p", "cafe-hidden");
      this.status.setAttribute("role", "status");
      root.prepend(this.card, this.status);
      this.state = null;
    }

    /* Bring everything up to a moment. */
    update(now) {
      const left = this.meetings.filter((meeting) => meeting.end > now);
      const next = left.find((meeting) => !meeting.canceled);
      const skipped = left.slice(0, left.indexOf(next));
      // What the card says need not be said again below it.
      const listed = left.slice(next ? skipped.length + 1 : 0, this.count);
      for (const { item } of this.meetings) item.hidden = true;
      for (const { item } of listed) item.hidden = false;
      this.list.hidden = !listed.length;
      const parts = next
        ? this.describe(next, now)
        : left.length
          ? [element("p", "cafe-card-title", "All meetings that this page knows are canceled.")]
          : this.describeNone();
      for (const meeting of next ? skipped : []) {
        const name = this.severalTitles ? `${meeting.title} on ${meeting.date}` : meeting.date;
        const reason = meeting.remarks.length ? `: ${meeting.remarks[0]}` : "";
        parts.push(element("p", "cafe-remark", `${name} is canceled${reason}`));
      }
      this.show(parts);
      const state = next ? `${next.start.getTime()} ${next.start <= now}` : "none";
      // What the page says when it opens is read with the page.
      if (this.state !== null && this.state !== state) {
        this.status.textContent = parts[0].textContent;
      }
      this.state = state;
    }

    get severalTitles() {
      return new Set(this.meetings.map((meeting) => meeting.title)).size > 1;
    }

    describe(next, now) {
      const underWay = next.start <= now;
      const when = element("time", "", next.date);
      when.dateTime = next.item.querySelector("time").dateTime;
      const time = element("p", "cafe-card-time", next.place);
      if (next.own) {
        time.append(" – ", element("strong", "", next.own), ownName ? ` (${ownName})` : "");
      } else if (next.own === "") {
        time.append(" – the same as your time");
      }
      const soon = underWay ? howLongAgo(now, next.start) : howSoon(now, next.start);
      // Not on paper, where it would not stay true.
      time.append(element("span", "cafe-relative", " – ", element("span", "cafe-soon", soon)));
      return [
        element("p", "cafe-card-title", underWay ? `Under way: ${next.title}` : `Next ${next.title}`),
        element("p", "cafe-card-when", when),
        time,
        ...next.remarks.map((text) => element("p", "cafe-remark", text)),
        ...(next.add && !underWay ? [next.add.cloneNode(true)] : []),
      ];
    }

    describeNone() {
      const last = this.meetings.at(-1);
      return [
        element("p", "cafe-card-title", "The next date is not known here."),
        element(
          "p",
          "cafe-card-time",
          `This site has not been built for a while: the last date that it knows was ${last.date}.`,
        ),
      ];
    }

    /* Replace what the card says, if it has changed. */
    show(parts) {
      const made = element("div", "", ...parts);
      if (this.card.innerHTML !== made.innerHTML) this.card.replaceChildren(...made.childNodes);
    }
  }

  const found = [...document.querySelectorAll(".cafe-next")].map((root) => new Next(root));
  let timer;

  function tick() {
    clearTimeout(timer);
    const now = new Date();
    for (const next of found) next.update(now);
    timer = setTimeout(tick, MINUTE - (now.getTime() % MINUTE));
  }

  tick();
  // Timers stand still in windows that are out of sight and on machines that are asleep.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) tick();
  });
  addEventListener("pageshow", tick);
})();
