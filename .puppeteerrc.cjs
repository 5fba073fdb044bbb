/** Installing the packages downloads no browser; `npx puppeteer browsers install chrome` does. */
module.exports = { skipDownload: true };
