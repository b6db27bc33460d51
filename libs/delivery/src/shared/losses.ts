/**
 * Losses of its worker, or failures to build its request, after which a batch fails. A batch that brings its worker down
 * each time would otherwise do so for ever.
 */
export const MOST_LOSSES = 10;
