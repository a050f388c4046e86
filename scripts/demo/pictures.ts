// Takes the pictures of the README with headless Chromium (set CHROMIUM to use another command).
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type DemoSection, renderPicturePage, type Theme } from './page.ts';

const WIDTH = 720;
/** Sharp on screens with twice the pixels. */
const SCALE = 2;
const THEMES: readonly Theme[] = ['light', 'dark'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--hide-scrollbars',
  `--force-device-scale-factor=${SCALE}`,
];

/** Writes docs/images/<name>-light.png and <name>-dark.png for each section, by name. */
export async function takePictures(pictures: ReadonlyMap<string, DemoSection>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pictures-'));
  try {
    for (const [name, section] of pictures)
      for (const theme of THEMES) {
        const page = join(folder, `${name}-${theme}.html`);
        await writeFile(page, await renderPicturePage(section, theme));
        await takePicture(folder, page, resolve(`docs/images/${name}-${theme}.png`));
      }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function takePicture(folder: string, page: string, file: string): Promise<void> {
  const html = await runChromium(folder, page, ['--dump-dom', `--window-size=${WIDTH},1000`]);
  const [, height] = /<title>([\d.]+)<\/title>/.exec(html) ?? [];
  if (!height) throw new Error(`Chromium did not render ${page}.`);
  const size = `--window-size=${WIDTH},${Math.ceil(Number(height))}`;
  await runChromium(folder, page, [size, `--screenshot=${file}`]);
}

async function runChromium(folder: string, page: string, flags: readonly string[]): Promise<string> {
  const command = process.env.CHROMIUM ?? 'chromium';
  const profile = `--user-data-dir=${join(folder, 'profile')}`;
  const { stdout } = await promisify(execFile)(command, [
    ...FLAGS,
    profile,
    ...flags,
    pathToFileURL(page).href,
  ]);
  return stdout;
}
