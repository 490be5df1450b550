//! methodologies
