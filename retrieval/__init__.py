"""Find passages: embeddings, an index on disk (Chroma and a snapshot to search), hybrid search, measurement.

The public names live in their own files and are imported from there, so that importing the package costs nothing:

* `retrieval.embeddings.load` makes an `Embedder`;
* `retrieval.index.Index` builds and opens an index;
* `retrieval.search.Retriever` searches it.
"""
