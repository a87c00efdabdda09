// Measured by bench_catalogue_shape from catalog/pop-classics.jsonl; a test holds these numbers to that file.
#include "songs/shape.h"

namespace orakgarak::songs {

const AverageShape starter_shape = {
    .between_ends = {0.02146, 0.01233, 0.01354, 0.02232, 0.02831, 0.03183, 0.04183, 0.05001,
                     0.05381, 0.06004, 0.06128, 0.06095, 0.06765, 0.06508, 0.06078, 0.05506,
                     0.05692, 0.05334, 0.04404, 0.04586, 0.02829, 0.02055, 0.01812, 0.02660},
    .lengths = {10, 13, 14, 16, 17, 19, 20, 22, 24, 29}};

}  // namespace orakgarak::songs
