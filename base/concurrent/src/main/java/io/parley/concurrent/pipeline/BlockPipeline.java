package io.parley.concurrent.pipeline;

import io.parley.concurrent.queue.BoundedQueue;
import io.parley.concurrent.queue.QueueClosedException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;

/**
 * Reads blocks one after the other, processes several at once, and merges the results in the order
 * in which the blocks were read.
 *
 * <pre>
 *   source ──reader──▶ work ──▶ worker 1..n ──▶ slot of each block
 *                 └──▶ order ────────────────────▶ merge, by the caller's thread
 * </pre>
 *
 * <p><b>Invariants</b>
 *
 * <ol>
 *   <li>The merge sees the result of block 0, then of block 1, and so on, each once, whatever the
 *       workers do: same input, same output, for any number of workers.
 *   <li>At most {@code window} blocks have been read and not merged. A slow merge stops the
 *       workers, and slow workers stop the reader: memory is bounded by the window.
 *   <li>If block {@code i} fails for good, exactly the blocks before it have been merged. With
 *       several failures it is the one with the smallest index that is reported, always.
 *   <li>When {@code run} returns, or throws, its threads have ended.
 * </ol>
 *
 * <p><b>The hazards.</b> <em>Order by arrival</em> makes output depend on scheduling, and bugs
 * impossible to repeat. <em>Bounding only the queues</em>: results that wait for a slow block
 * before them are in no queue, and one block that takes a minute lets the rest of the stream pile
 * up behind it; so a place in the window is taken before a block is read and given back after it
 * was merged. <em>A reader that waits for the merge</em>: where merging makes new blocks appear in
 * the source, as a crawler's does, reading must go on while results are merged, so the reader has
 * its own thread. <em>Retrying a merge</em> would apply a block twice; only workers are retried, so
 * they should have no effect but their result.
 *
 * <p>Everything is handed over by {@link BoundedQueue} and {@link CompletableFuture}, which order
 * the memory. The source, the worker and the merge should react to interruption: {@code run} waits
 * for them.
 *
 * <p>Source: a bounded pipeline with reordering by index, as in B. McCool et al., "Structured
 * Parallel Programming" (2012), ch. 9.
 */
public final class BlockPipeline {
  /** What is done to a block. Called by several threads at once, for different blocks. */
  @FunctionalInterface
  public interface BlockWorker<B, R> {
    /**
     * The result of a block.
     *
     * @param index of the block, from 0 on
     * @param attempt 1, then 2 and so on after a failure
     * @throws Exception if it failed; it is tried again as often as the pipeline allows
     */
    R process(long index, B block, int attempt) throws Exception;
  }

  /**
   * What is done with a result. Called by the thread that called {@code run}, in order of blocks.
   */
  @FunctionalInterface
  public interface BlockMerge<R> {
    void merge(long index, R result) throws Exception;
  }

  /** A block's way from the reader to a worker; the result is also in the queue of the merge. */
  private record Job<B, R>(long index, B block, CompletableFuture<R> result) {}

  private final int workers;
  private final int window;
  private final int attempts;
  private final ThreadFactory threads;

  /**
   * A pipeline, for any number of runs.
   *
   * @param workers threads that process, at least 1
   * @param window blocks that were read and not merged, at least {@code workers}: with less, some
   *     of them never have work; twice as many keep all busy beside uneven blocks
   * @param attempts how often a block is processed before it has failed, at least 1
   * @param threads makes the threads of a run: the reader's and the workers'
   */
  public BlockPipeline(int workers, int window, int attempts, ThreadFactory threads) {
    if (workers < 1 || window < workers || attempts < 1) {
      throw new IllegalArgumentException(
          "1 ≤ workers ≤ window and attempts ≥ 1 must hold; were %d, %d and %d"
              .formatted(workers, window, attempts));
    }
    this.workers = workers;
    this.window = window;
    this.attempts = attempts;
    this.threads = threads;
  }

  /**
   * Takes all blocks of a source through.
   *
   * @param source used by one thread, not the caller's; may wait for blocks
   * @return how many blocks were merged: all of the source
   * @throws BlockFailedException if a block could not be read, or processed in so many attempts
   * @throws ExecutionException with what the merge threw
   * @throws InterruptedException if the caller was interrupted; the run has ended
   */
  public <B, R> long run(
      Iterator<? extends B> source, BlockWorker<? super B, ? extends R> worker, BlockMerge<R> merge)
      throws InterruptedException, ExecutionException {
    Run<B, R> run = new Run<>(source, worker);
    try {
      run.start();
      return run.mergeAll(merge);
    } finally {
      run.end();
    }
  }

  /** One run, and all that belongs to it. */
  private final class Run<B, R> {
    private final Iterator<? extends B> source;
    private final BlockWorker<? super B, ? extends R> worker;
    private final Semaphore room = new Semaphore(window);
    private final BoundedQueue<Job<B, R>> work = BoundedQueue.unfair(window);
    private final BoundedQueue<CompletableFuture<R>> order = BoundedQueue.unfair(window);
    private final List<Thread> started = new ArrayList<>();

    Run(Iterator<? extends B> source, BlockWorker<? super B, ? extends R> worker) {
      this.source = source;
      this.worker = worker;
    }

    void start() {
      startThread(this::readAll);
      for (int i = 0; i < workers; i++) {
        startThread(this::processAll);
      }
    }

    private void startThread(Step step) {
      Thread thread =
          threads.newThread(
              () -> {
                try {
                  step.run();
                } catch (InterruptedException | QueueClosedException e) {
                  // The run is over: end() did that.
                }
              });
      started.add(thread);
      thread.start();
    }

    // ---- The reader's thread --------------------------------------------------------------------

    private void readAll() throws InterruptedException {
      try (work;
          order) {
        for (long index = 0; ; index++) {
          room.acquire();
          CompletableFuture<R> result = new CompletableFuture<>();
          B block;
          try {
            if (!source.hasNext()) {
              return;
            }
            block = source.next();
          } catch (RuntimeException | Error e) {
            result.completeExceptionally(new BlockFailedException(index, "read", e));
            order.put(result);
            return;
          }
          order.put(result);
          work.put(new Job<>(index, block, result));
        }
      }
    }

    // ---- The workers' threads -------------------------------------------------------------------

    private void processAll() throws InterruptedException {
      for (Job<B, R> job = work.take(); job != null; job = work.take()) {
        process(job);
      }
    }

    // Whatever happens, the result is completed: the merge waits for it.
    private void process(Job<B, R> job) throws InterruptedException {
      for (int attempt = 1; ; attempt++) {
        try {
          job.result.complete(worker.process(job.index, job.block, attempt));
          return;
        } catch (InterruptedException e) {
          fail(job, e);
          throw e;
        } catch (Exception e) {
          if (attempt == attempts) {
            fail(job, e);
            return;
          }
        } catch (Error e) {
          fail(job, e);
          return;
        }
      }
    }

    private void fail(Job<B, R> job, Throwable cause) {
      job.result.completeExceptionally(new BlockFailedException(job.index, "processed", cause));
    }

    // ---- The caller's thread --------------------------------------------------------------------

    long mergeAll(BlockMerge<R> merge) throws InterruptedException, ExecutionException {
      long index = 0;
      for (CompletableFuture<R> next = order.take(); next != null; next = order.take()) {
        R result = resultOf(next);
        try {
          merge.merge(index, result);
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception e) {
          throw new ExecutionException("the merge failed at block " + index, e);
        }
        index++;
        room.release();
      }
      return index;
    }

    private R resultOf(CompletableFuture<R> future) throws InterruptedException {
      try {
        return future.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof BlockFailedException failed
            ? failed
            : new IllegalStateException("a result failed in a way that no worker fails", e);
      }
    }

    /** Stops all threads, if they have not ended by themselves, and waits for them. */
    void end() {
      work.close();
      order.close();
      work.drainTo(new ArrayList<>(), window); // so that nobody begins another block
      started.forEach(Thread::interrupt);
      boolean interrupted = false;
      for (Thread thread : started) {
        while (thread.isAlive()) {
          try {
            thread.join();
          } catch (InterruptedException e) {
            interrupted = true; // later: this method must not leave threads behind
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What a thread of a run does. */
  private interface Step {
    void run() throws InterruptedException;
  }
}
