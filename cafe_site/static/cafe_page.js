/* What the other scripts share. It is loaded before them, and not as a module, since browsers
   refuse those on pages opened as files. */

const cafePage = (() => {
  "use strict";

  /* Return the language of the page for `Intl`, with the calendar and digits of its dates. */
  function findLanguage() {
    const form = { calendar: "gregory", numberingSystem: "latn" };
    try {
      return new Intl.Locale(document.documentElement.lang.replaceAll("_", "-"), form);
    } catch {
      return new Intl.Locale("en", form);
    }
  }

  return {
    language: findLanguage(),

    /* Fill in the placeholders of a message: {title}. */
    fill(message, values) {
      return message.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
    },

    element(name, properties = {}, ...content) {
      const made = Object.assign(document.createElement(name), properties);
      made.append(...content);
      return made;
    },
  };
})();
