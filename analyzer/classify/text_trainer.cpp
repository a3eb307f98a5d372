// One model for each label against the rest (of two labels, one and its mirror image): L2-regularised squared
// hinge loss, solved in its dual by coordinate descent (Hsieh et al., "A Dual Coordinate Descent Method for
// Large-scale Linear SVM", ICML 2008). Texts are vectors of n-gram counts × idf of length 1. Probabilities:
// margins of held-out texts are sharpened until their log-likelihood is greatest (Guo et al., "On
// Calibration", ICML 2017).
#include "analyzer/classify/text_trainer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analyzer/classify/grams.h"

namespace tingchao::analyzer {
namespace {

struct Feature {
  std::uint32_t bucket = 0;
  float value = 0;
};

struct Vectors {
  std::vector<Feature> features;
  std::vector<std::size_t> begins;  // by text, and the end
  std::vector<float> idf;           // by bucket; 0: not in the texts
};

std::uint32_t random(std::uint64_t& seed) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return static_cast<std::uint32_t>(seed >> 33);
}

Vectors vectors_of(const std::vector<LabelledText>& texts, bool idf) {
  Vectors out;
  out.idf.assign(std::size_t{1} << gram_bits, 0);
  std::vector<std::uint32_t> buckets;
  for (const LabelledText& text : texts) {
    out.begins.push_back(out.features.size());
    buckets.clear();
    each_gram(text.folded,
              [&](std::uint32_t bucket, std::size_t, std::size_t) { buckets.push_back(bucket); });
    std::sort(buckets.begin(), buckets.end());
    for (std::size_t i = 0; i < buckets.size();) {
      const std::size_t begin = i;
      while (i < buckets.size() && buckets[i] == buckets[begin]) ++i;
      out.features.push_back({buckets[begin], static_cast<float>(i - begin)});
      out.idf[buckets[begin]] += 1;
    }
  }
  out.begins.push_back(out.features.size());
  const double total = static_cast<double>(texts.size());
  for (float& count : out.idf)
    if (count > 0) count = idf ? static_cast<float>(std::log(1 + total / static_cast<double>(count))) : 1;
  for (std::size_t t = 0; t + 1 < out.begins.size(); ++t) {
    // As classify() measures length: each occurrence singly.
    float squares = 0;
    for (std::size_t i = out.begins[t]; i < out.begins[t + 1]; ++i) {
      const float worth = out.idf[out.features[i].bucket];
      squares += out.features[i].value * worth * worth;
      out.features[i].value *= worth;
    }
    const float length = squares > 0 ? 1 / std::sqrt(squares) : 0;
    for (std::size_t i = out.begins[t]; i < out.begins[t + 1]; ++i) out.features[i].value *= length;
  }
  return out;
}

// Weights for one label against the rest, the last one the bias.
class Solver {
 public:
  Solver(const Vectors& vectors, const std::vector<std::size_t>& members, double cost, int passes)
      : vectors_(vectors),
        members_(members),
        cost_(cost),
        passes_(passes),
        weights_((std::size_t{1} << gram_bits) + 1) {}

  const std::vector<float>& solve(const std::vector<LabelledText>& texts, std::size_t label) {
    std::fill(weights_.begin(), weights_.end(), 0.0f);
    const double diagonal = 0.5 / cost_;
    std::vector<double> alpha(members_.size());
    std::vector<double> own(members_.size());
    for (std::size_t m = 0; m < members_.size(); ++m) {
      own[m] = diagonal + 1;
      for_each(m,
               [&](const Feature& feature) { own[m] += static_cast<double>(feature.value) * feature.value; });
    }
    std::vector<std::uint32_t> order(members_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::uint64_t seed = 1;
    for (int pass = 0; pass < passes_; ++pass) {
      for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random(seed) % i]);
      double worst = 0;
      for (const std::uint32_t m : order) {
        const double y = texts[members_[m]].label == label ? 1 : -1;
        double margin = weights_.back();
        for_each(m, [&](const Feature& feature) {
          margin += static_cast<double>(feature.value) * weights_[feature.bucket];
        });
        const double gradient = y * margin - 1 + diagonal * alpha[m];
        if (alpha[m] == 0 && gradient >= 0) continue;
        worst = std::max(worst, std::abs(gradient));
        const double before = alpha[m];
        alpha[m] = std::max(alpha[m] - gradient / own[m], 0.0);
        const auto step = static_cast<float>((alpha[m] - before) * y);
        for_each(m, [&](const Feature& feature) { weights_[feature.bucket] += step * feature.value; });
        weights_.back() += step;
      }
      if (worst < 0.01) break;
    }
    return weights_;
  }

 private:
  template <class Visit>
  void for_each(std::size_t m, Visit visit) const {
    const std::size_t text = members_[m];
    for (std::size_t i = vectors_.begins[text]; i < vectors_.begins[text + 1]; ++i)
      visit(vectors_.features[i]);
  }
  const Vectors& vectors_;
  const std::vector<std::size_t>& members_;
  double cost_;
  int passes_;
  std::vector<float> weights_;
};

// The sharpness at which the held-out margins explain their labels best, by golden-section search.
double sharpness_of(const std::vector<std::vector<float>>& margins, const std::vector<LabelledText>& texts) {
  const auto loss = [&](double log_sharpness) {
    const double sharpness = std::exp(log_sharpness);
    double sum = 0;
    for (std::size_t t = 0; t < texts.size(); ++t) {
      double total = 0;
      for (const float margin : margins[t])
        total += std::exp(sharpness * static_cast<double>(margin - margins[t][texts[t].label]));
      sum += std::log(total);
    }
    return sum;
  };
  double low = std::log(0.1), high = std::log(30.0);
  constexpr double golden = 0.6180339887498949;
  for (int i = 0; i < 40; ++i) {
    const double a = high - golden * (high - low), b = low + golden * (high - low);
    (loss(a) < loss(b) ? high : low) = loss(a) < loss(b) ? b : a;
  }
  return std::exp((low + high) / 2);
}

}  // namespace

TextTrained train_texts(std::string_view head, std::vector<std::string> labels,
                        const std::vector<LabelledText>& texts, const TextTraining& how) {
  const Vectors vectors = vectors_of(texts, how.idf);
  const std::size_t count = labels.size();

  std::vector<std::vector<float>> margins(texts.size(), std::vector<float>(count));
  // Of the texts of a fold, after learning from all others.
  const auto hold_out = [&](std::size_t fold, double cost) {
    std::vector<std::size_t> members;
    for (std::size_t t = 0; t < texts.size(); ++t)
      if (t % how.folds != fold) members.push_back(t);
    Solver solver(vectors, members, cost, how.passes);
    for (std::size_t label = count == 2 ? 1 : 0; label < count; ++label) {
      const std::vector<float>& weights = solver.solve(texts, label);
      for (std::size_t t = fold; t < texts.size(); t += how.folds) {
        float margin = weights.back();
        for (std::size_t i = vectors.begins[t]; i < vectors.begins[t + 1]; ++i)
          margin += vectors.features[i].value * weights[vectors.features[i].bucket];
        margins[t][label] = margin;
        if (count == 2) margins[t][0] = -margin;
      }
    }
  };
  const auto is_right = [&](std::size_t t) {
    const auto best = std::max_element(margins[t].begin(), margins[t].end()) - margins[t].begin();
    return static_cast<std::size_t>(best) == texts[t].label;
  };
  double cost = how.cost;
  if (cost <= 0) {
    std::size_t most = 0;
    for (const double candidate : {0.5, 1.0, 2.0, 4.0, 8.0}) {
      hold_out(0, candidate);
      std::size_t right = 0;
      for (std::size_t t = 0; t < texts.size(); t += how.folds) right += is_right(t);
      if (right <= most && cost > 0) continue;
      most = right;
      cost = candidate;
    }
  }
  for (std::size_t fold = 0; fold < how.folds; ++fold) hold_out(fold, cost);
  std::size_t right = 0;
  for (std::size_t t = 0; t < texts.size(); ++t) right += is_right(t);

  std::vector<std::size_t> everything(texts.size());
  std::iota(everything.begin(), everything.end(), std::size_t{0});
  Solver solver(vectors, everything, cost, how.passes);
  std::vector<std::uint32_t> seen;
  for (std::uint32_t bucket = 0; bucket < vectors.idf.size(); ++bucket)
    if (vectors.idf[bucket] > 0) seen.push_back(bucket);
  std::vector<float> all(seen.size() * count);
  TextModel::Weights out;
  out.bias.resize(count);
  for (std::size_t label = count == 2 ? 1 : 0; label < count; ++label) {
    const std::vector<float>& weights = solver.solve(texts, label);
    for (std::size_t i = 0; i < seen.size(); ++i) all[i * count + label] = weights[seen[i]];
    out.bias[label] = weights.back();
    if (count != 2) continue;
    for (std::size_t i = 0; i < seen.size(); ++i) all[i * count] = -weights[seen[i]];
    out.bias[0] = -weights.back();
  }
  float most = 1e-6f;
  for (const float weight : all) most = std::max(most, std::abs(weight));
  out.head = head;
  out.labels = std::move(labels);
  out.scale = 32000 / most;
  out.sharpness = static_cast<float>(sharpness_of(margins, texts));
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const float* row = &all[i * count];
    if (std::all_of(row, row + count, [&](float weight) { return std::abs(weight) < how.prune; })) continue;
    out.buckets.push_back(seen[i]);
    out.importance.push_back(std::min(vectors.idf[seen[i]], 60.0f));
    for (std::size_t k = 0; k < count; ++k)
      out.numbers.push_back(static_cast<std::int16_t>(std::lround(row[k] * out.scale)));
  }
  return {TextModel(std::move(out)), cost,
          texts.empty() ? 0 : static_cast<double>(right) / static_cast<double>(texts.size())};
}

}  // namespace tingchao::analyzer
