#define ORAK_NETWORK_KERNELS baseline_network_kernels
#define ORAK_VECTOR_BYTES 16
#include "voice/network_kernels_body.h"
