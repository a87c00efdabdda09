#include "devices/gpu/gpu_grid.h"

#ifdef ORAK_CUDA
#include "devices/gpu/cuda_network.h"
#endif

namespace orakgarak::devices {
namespace {

std::unexpected<Error> no_gpu(const std::string& why) {
  return fail(ErrorKind::not_found, "no_gpu", why + "; the processor hears every take");
}

#ifdef ORAK_CUDA
class Gpu final : public NetworkGrid {
 public:
  explicit Gpu(CudaGpu gpu) : gpu_(std::move(gpu)) {}
  Gpu(const Gpu&) = delete;
  Gpu& operator=(const Gpu&) = delete;
  ~Gpu() override { close_cuda(gpu_.network); }

  std::string name() const override { return gpu_.name; }
  std::uint64_t memory_bytes() const override { return gpu_.memory_bytes; }
  Ran run(const voice::NetworkTile& tile, std::span<voice::NetworkFrame> frames, std::string& why) override {
    switch (run_cuda(*gpu_.network, tile, frames, why)) {
      case CudaRan::done:
        return Ran::done;
      case CudaRan::out_of_memory:
        return Ran::out_of_memory;
      case CudaRan::failed:
        break;
    }
    return Ran::failed;
  }

 private:
  const CudaGpu gpu_;
};
#endif

}  // namespace

Result<std::unique_ptr<NetworkGrid>> open_gpu() {
#ifdef ORAK_CUDA
  CudaGpu gpu = open_cuda();
  if (gpu.network == nullptr) return no_gpu("no GPU can be used (" + gpu.why + ")");
  return std::make_unique<Gpu>(std::move(gpu));
#else
  return no_gpu("this program was built without nvcc, so it uses no GPU");
#endif
}

}  // namespace orakgarak::devices
