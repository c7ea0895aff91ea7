/**
 * oneDNN, Intel's library of kernels that are written for the processor they run on, through its C
 * interface: products of BF16 matrices. Main type: {@link io.parley.model.kernel.onednn.OneDnn},
 * loaded once a process; a {@link io.parley.model.kernel.onednn.PanelProduct} belongs to one thread
 * at a time and computes on that thread alone. A wrong signature here ends the process, so all
 * native calls stand in these classes. Knows nothing of weights, models or vectors.
 */
@NullMarked
package io.parley.model.kernel.onednn;

import org.jspecify.annotations.NullMarked;
