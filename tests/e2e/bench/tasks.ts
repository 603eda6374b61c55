// Tasks of a page's main thread, in time of the processor: on a machine that is busy with other things a clock on the
// wall would count those too. Slowing the processor down counts, since that thread itself is kept.
import type { Browser, Page } from '@playwright/test';

const TASK = 'ThreadControllerImpl::RunTask';
/** Comes right after the task that it belongs to. */
const MICROTASKS = 'BlinkScheduler_PerformMicrotaskCheckpoint';

interface Event {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

/** From here on the browser notes what runs; to be ended by `tasks`. */
export const watchTasks = (browser: Browser, page: Page) => browser.startTracing(page, { categories: ['toplevel', '__metadata'] });

/** What each task took of the processor since `watchTasks`, in milliseconds. */
export async function tasks(browser: Browser): Promise<number[]> {
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: Event[] };
  const threads = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid}/${tid}`));
  const found: number[] = [];
  let end = 0;
  const own = traceEvents.filter(({ name, ph, pid, tid }) => ph === 'X' && (name === TASK || name === MICROTASKS) && threads.has(`${pid}/${tid}`));
  for (const { name, ts, dur = 0, tdur = 0 } of own.sort((a, b) => a.ts - b.ts)) {
    // One inside another was counted with it.
    if (ts < end) continue;
    if (name === MICROTASKS && found.length) found.push(found.pop()! + tdur / 1000);
    else found.push(tdur / 1000);
    end = ts + dur;
  }
  if (!found.length) throw new Error('the trace has no task of the page');
  return found;
}
