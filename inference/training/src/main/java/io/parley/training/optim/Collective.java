package io.parley.training.optim;

/** The processes that train one model together. */
public interface Collective {
  /** This process alone. */
  Collective SINGLE =
      new Collective() {
        @Override
        public void allReduce(float[] values) {
          // The sum over one process is there already.
        }

        @Override
        public int rank() {
          return 0;
        }

        @Override
        public int size() {
          return 1;
        }
      };

  /**
   * Replaces {@code values} by their element-wise sum over all processes; returns when it is there.
   * All processes call it in the same order with arrays of one length, and get the same bits.
   */
  void allReduce(float[] values);

  /** This process's number, from 0. */
  int rank();

  /** Number of processes. */
  int size();
}
