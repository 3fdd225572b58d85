import { getSetting, setSetting } from '@/lib/client/store';
import type { IntegerProducts } from '@/lib/engine';

/**
 * How kernels were measured to multiply integers fastest, in this version of the browser. Each load is given it:
 * the clock may say something else each time, and words would change slightly within a resumed job.
 */
export async function measuredProducts(): Promise<IntegerProducts | undefined> {
  const measured = await getSetting('integerProducts');
  return measured?.browser === navigator.userAgent ? measured.products : undefined;
}

/** Stores what a load says about it. Does not fail: without it the next load measures. */
export async function keepProducts(products: IntegerProducts | undefined): Promise<void> {
  try {
    if (products && products !== (await measuredProducts()))
      await setSetting('integerProducts', { products, browser: navigator.userAgent });
  } catch (error) {
    console.warn('How kernels multiply was not stored', error);
  }
}
