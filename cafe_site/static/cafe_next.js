/* The card above a list of dates: which meeting is next, when in the reader's time, how soon.

   The page contains all dates of two years. Which one is next is decided here, by the reader's
   clock, because the page may have been built long ago. */

(() => {
  "use strict";

  const { element, fill, language } = cafePage;
  const MINUTE = 60_000;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;

  // Browsers still use outdated names for some time zones.
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

  // The messages, in the language of the page.
  const words = JSON.parse(document.currentScript.dataset.words);

  /* Return the date and time of a moment in a time zone, by default the reader's; null if the
     browser does not know the time zone. */
  function clock(moment, timeZone) {
    let parts, day;
    try {
      const format = new Intl.DateTimeFormat("en-US", {
        timeZone,
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      });
      parts = Object.fromEntries(
        format.formatToParts(moment).map((part) => [part.type, part.value]),
      );
      const names = { timeZone, weekday: "long", month: "long", day: "numeric" };
      day = new Intl.DateTimeFormat(language, names).format(moment);
    } catch {
      return null;
    }
    return {
      date: `${parts.year}-${parts.month}-${parts.day}`,
      day,
      time: `${parts.hour}:${parts.minute}`,
    };
  }

  /* Return the name of the reader's time zone; undefined if the browser gives none, or one
     that it does not recognize itself, such as Etc/Unknown. */
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

  /* Return when a meeting starts in the reader's time zone: "" if it is the same there, null if
     that is unknown. */
  function ownTime(start, zone) {
    const there = clock(start, zone);
    const here = clock(start, ownZone);
    if (!here) return null;
    if (there && there.date === here.date && there.time === here.time) return "";
    const { day, time } = here;
    return fill(there && there.date === here.date ? words.ownTime : words.ownDay, { day, time });
  }

  /* Return the number of a day on the reader's calendar, for counting days. */
  function dayNumber(moment) {
    return Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()) / DAY;
  }

  /* Return how far a moment is from now: "in 3 hours", "10 minutes ago". */
  function distance(number, unit, numeric = "always") {
    return new Intl.RelativeTimeFormat(language, { numeric }).format(number, unit);
  }

  /* Return a duration in hours and minutes. */
  function duration(minutes) {
    const parts = [
      [Math.floor(minutes / 60), "hour"],
      [minutes % 60, "minute"],
    ].map(([number, unit]) => {
      const form = { style: "unit", unit, unitDisplay: "long" };
      return new Intl.NumberFormat(language, form).format(number);
    });
    return new Intl.ListFormat(language).format(parts);
  }

  /* Return how soon a moment is: in minutes, in hours, or in days of the reader's calendar. */
  function howSoon(now, then) {
    const left = then - now;
    if (left <= MINUTE) return words.inAMinute;
    // Rounded up, so that it is not "in 59 minutes" an hour before.
    const minutes = Math.ceil(left / MINUTE);
    if (minutes < 60) return distance(minutes, "minute");
    if (minutes < 3 * 60 && minutes % 60) {
      return fill(words.inDuration, { duration: duration(minutes) });
    }
    if (left < DAY) return distance(Math.round(left / HOUR), "hour");
    return distance(dayNumber(then) - dayNumber(now), "day", "auto");
  }

  /* Return how long ago a moment was, for a meeting that has begun. */
  function howLongAgo(now, then) {
    const minutes = Math.floor((now - then) / MINUTE);
    if (minutes < 1) return words.justBegun;
    if (minutes > 60 && minutes % 60) {
      return fill(words.begunFor, { duration: duration(minutes) });
    }
    const ago =
      minutes < 60 ? distance(-minutes, "minute") : distance(-Math.floor(minutes / 60), "hour");
    return fill(words.began, { ago });
  }

  /* Read the data of a meeting from its list item. */
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

  /* Add the reader's own time to a list item. */
  function addOwnTime(meeting) {
    if (!meeting.own) return;
    const own = element("span", { className: "cafe-own" }, meeting.own);
    if (ownName) own.title = ownName;
    meeting.item.querySelector(".cafe-time").append(" ", own);
  }

  function line(className, ...content) {
    return element("p", { className }, ...content);
  }

  class Next {
    constructor(root) {
      this.root = root;
      this.count = Number(root.dataset.count);
      this.list = root.querySelector(".cafe-dates");
      this.meetings = [...this.list.children].map(read);
      this.meetings.forEach(addOwnTime);
      this.card = element("div", { className: "cafe-card" });
      this.status = element("p", { className: "cafe-hidden", role: "status" });
      root.prepend(this.card, this.status);
      this.state = null;
    }

    /* Update everything to a moment. */
    update(now) {
      const left = this.meetings.filter((meeting) => meeting.end > now);
      const next = left.find((meeting) => !meeting.canceled);
      const skipped = left.slice(0, left.indexOf(next));
      // No need to repeat below what the card says.
      const listed = left.slice(next ? skipped.length + 1 : 0, this.count);
      for (const { item } of this.meetings) item.hidden = true;
      for (const { item } of listed) item.hidden = false;
      this.list.hidden = !listed.length;
      const parts = next
        ? this.describe(next, now)
        : left.length
          ? [line("cafe-card-title", words.allCanceled)]
          : this.describeNone();
      for (const meeting of next ? skipped : []) {
        const { title, date, remarks: [reason] } = meeting;
        const which = `${this.severalTitles ? "title" : "date"}Canceled${reason ? "Because" : ""}`;
        parts.push(line("cafe-remark", fill(words[which], { title, date, reason })));
      }
      this.show(parts);
      const state = next ? `${next.start.getTime()} ${next.start <= now}` : "none";
      // Screen readers read the initial text with the page, so only changes are announced.
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
      const { dateTime } = next.item.querySelector("time");
      const time = line("cafe-card-time", next.place);
      if (next.own) {
        time.append(" – ", element("strong", {}, next.own), ownName ? ` (${ownName})` : "");
      } else if (next.own === "") {
        time.append(" – ", words.sameTime);
      }
      const soon = underWay ? howLongAgo(now, next.start) : howSoon(now, next.start);
      // Not in print, where it would soon be out of date.
      const relative = element("span", { className: "cafe-soon" }, soon);
      time.append(element("span", { className: "cafe-relative" }, " – ", relative));
      return [
        line("cafe-card-title", fill(underWay ? words.underWay : words.next, next)),
        line("cafe-card-when", element("time", { dateTime }, next.date)),
        time,
        ...next.remarks.map((text) => line("cafe-remark", text)),
        ...(next.add && !underWay ? [next.add.cloneNode(true)] : []),
      ];
    }

    describeNone() {
      const last = this.meetings.at(-1);
      return [
        line("cafe-card-title", words.unknown),
        line("cafe-card-time", fill(words.lastKnown, last)),
      ];
    }

    /* Replace what the card says, if it has changed. */
    show(parts) {
      const made = element("div", {}, ...parts);
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
  // Timers are suspended in hidden windows and on sleeping machines.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) tick();
  });
  addEventListener("pageshow", tick);
})();
