// Digits as people write them: Persian ones where the page is Persian, and back to those of ASCII.
const PERSIAN = "۰۱۲۳۴۵۶۷۸۹";
const TYPED = `${PERSIAN}٠١٢٣٤٥٦٧٨٩`;

export const persian = (value) => String(value).replace(/[0-9]/g, (digit) => PERSIAN[digit]);

// As the page's language writes them.
export const shown = document.documentElement.lang.startsWith("fa") ? persian : String;

// What somebody typed, with ASCII digits.
export const ascii = (typed) => typed.replace(/[۰-۹٠-٩]/g, (digit) => TYPED.indexOf(digit) % 10);
