package io.parley.model.kernel;

/** Whether a native library may compute. */
public enum NativeCode {
  /**
   * Where one is there, is made for this processor and gives the right bits. Then everything is
   * computed in {@link Arithmetic#BF16}, by the library or not, so that answers still do not depend
   * on what they are batched with; but a machine with the library and one without it may differ.
   */
  AUTO,
  /** Never: {@link Arithmetic#F32} on the Vector API, with the same bits on every machine. */
  OFF
}
