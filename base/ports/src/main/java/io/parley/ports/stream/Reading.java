package io.parley.ports.stream;

import java.util.List;

/**
 * What a stream holds from an offset on.
 *
 * @param pieces in order, the first holds the offset or begins there, each begins where the one
 *     before ends
 * @param length where the stream ended when it was read
 * @param end whether the stream ends behind them: no more will come
 */
public record Reading(List<Piece> pieces, long length, boolean end) {
  public Reading {
    pieces = List.copyOf(pieces);
  }
}
