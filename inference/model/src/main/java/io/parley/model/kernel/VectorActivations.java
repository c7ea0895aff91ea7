package io.parley.model.kernel;

import static io.parley.model.kernel.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** {@link ScalarActivations} by the Vector API: the same operations, lane by lane. */
final class VectorActivations {
  private VectorActivations() {}

  static void geGlu(float[] gate, float[] up, int at, int count) {
    int whole = at + FLOATS.loopBound(count);
    FloatVector cubic = FloatVector.broadcast(FLOATS, ScalarActivations.GELU_CUBIC);
    FloatVector linear = FloatVector.broadcast(FLOATS, ScalarActivations.GELU_LINEAR);
    for (int i = at; i < whole; i += Lanes.COUNT) {
      FloatVector g = FloatVector.fromArray(FLOATS, gate, i);
      FloatVector z = g.mul(g.mul(g).fma(cubic, linear));
      // Exponential.exp(-z), step by step.
      FloatVector x = z.neg().max(Exponential.LOWEST).min(Exponential.HIGHEST);
      FloatVector rounder = FloatVector.broadcast(FLOATS, Exponential.ROUNDER);
      FloatVector shifted = x.fma(FloatVector.broadcast(FLOATS, Exponential.LOG2_E), rounder);
      FloatVector n = shifted.sub(rounder);
      FloatVector r =
          n.fma(
              FloatVector.broadcast(FLOATS, -Exponential.LN2_LOW),
              n.fma(FloatVector.broadcast(FLOATS, -Exponential.LN2_HIGH), x));
      FloatVector p =
          r.fma(
              FloatVector.broadcast(FLOATS, Exponential.P0),
              FloatVector.broadcast(FLOATS, Exponential.P1));
      p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.P2));
      p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.P3));
      p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.P4));
      p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.P5));
      p = p.fma(r.mul(r), r).add(1);
      IntVector exponent = shifted.reinterpretAsInts().sub(Exponential.ROUNDER_BITS - 127);
      FloatVector exp = p.mul(exponent.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
      g.div(exp.add(1)).mul(FloatVector.fromArray(FLOATS, up, i)).intoArray(gate, i);
    }
    ScalarActivations.geGlu(gate, up, whole, at + count);
  }

  static void softCap(float[] values, int at, int count, float cap) {
    int whole = FLOATS.loopBound(count);
    float scale = 2 / cap;
    for (int i = at; i < at + whole; i += Lanes.COUNT) {
      FloatVector z = FloatVector.fromArray(FLOATS, values, i).mul(scale);
      // Exponential.exp(z), step by step.
      FloatVector x = z.max(Exponential.LOWEST).min(Exponential.HIGHEST);
      FloatVector rounder = FloatVector.broadcast(FLOATS, Exponential.ROUNDER);
      FloatVector shifted = x.fma(FloatVector.broadcast(FLOATS, Exponential.LOG2_E), rounder);
      FloatVector n = shifted.sub(rounder);
      FloatVector r =
          n.fma(
              FloatVector.broadcast(FLOATS, -Exponential.LN2_LOW),
              n.fma(FloatVector.broadcast(FLOATS, -Exponential.LN2_HIGH), x));
      FloatVector p =
          r.fma(
              FloatVector.broadcast(FLOATS, Exponential.P0),
              FloatVector.broadcast(FLOATS, Exponential.P1));
      p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.P2));
      p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.P3));
      p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.P4));
      p = p.fma(r, FloatVector.broadcast(FLOATS, Exponential.P5));
      p = p.fma(r.mul(r), r).add(1);
      IntVector exponent = shifted.reinterpretAsInts().sub(Exponential.ROUNDER_BITS - 127);
      FloatVector exp = p.mul(exponent.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
      FloatVector twice = FloatVector.broadcast(FLOATS, 2 * cap);
      FloatVector.broadcast(FLOATS, cap).sub(twice.div(exp.add(1))).intoArray(values, i);
    }
    ScalarActivations.softCap(values, at + whole, at + count, cap);
  }
}
