// Which pages there are, read from the source: every `GET` route of the routers of `app` and `server`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** The files that hold routers of pages. */
const ROUTERS = [
  'app/src/routes.rs',
  'app/src/pages/public/mod.rs',
  'app/src/pages/account/mod.rs',
  'app/src/pages/credits/mod.rs',
  'app/src/pages/desk/mod.rs',
  'app/src/pages/event/mod.rs',
  'app/src/pages/inclusion/mod.rs',
  'app/src/pages/neutral/mod.rs',
  'server/src/router.rs',
];

/** Routes that answer with something else than a page. */
const NOT_PAGES = [
  '/healthz',
  '/readyz',
  '/api',
  '/attachments/{id}',
  '/desk/holds/assigned/{act}/document',
  '/desk/inclusion/photos/{about}',
  '/desk/reports/{id}/tables/{name}',
  '/me/acts/{id}/photo',
  '/tables/{methodology}/{stage}/{file}',
];
/** How the addresses of files end. */
const FILE = /\.(csv|geojson|json|mjs|pdf|svg|xlsx|zip)$/;

/** Every route of a page, as it is written in the source. */
export function pageRoutes(): string[] {
  const routes = ROUTERS.flatMap((file) => {
    const [source] = readFileSync(join(ROOT, file), 'utf8').split('#[cfg(test)]');
    return [...source.matchAll(/\.route\(\s*"([^"]+)",\s*get\(/g)].map((found) => found[1]);
  });
  return [...new Set(routes)].filter((route) => !NOT_PAGES.includes(route) && !FILE.test(route)).sort();
}

/** The areas of the catalogue: a text that begins with one of them and a dot was not translated. */
export function catalogueAreas(): string[] {
  const files = readdirSync(join(ROOT, 'app/locales')).filter((file) => file.endsWith('.yml'));
  return files.map((file) => file.replace(/\.yml$/, ''));
}
